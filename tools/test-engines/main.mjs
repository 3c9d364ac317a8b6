// The same training on every engine that this machine has, each in a process of its own: `npm run test:engines [-- wasm …]`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { engines } from '@flatmin/engines';
import { judge } from './judge.mjs';
import { TOLERANCE } from './problem.mjs';

const hints = `What is not here can be set up:
  npm run setup:native              tensorflow
  npm run setup:native -- --gpu     tensorflow-gpu
  npm run setup:native -- --webgpu  webgpu, which also needs a Vulkan driver; one that computes on the processor does: Debian's
                                    libvulkan1 and chromium-common, and VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json
`;

/** Trains on one engine. */
const trainOn = (engine) => result('train.mjs', engine);

/** What a script tells on its last line. Whatever it does to its process, this one goes on. */
function result(file, ...args) {
  const script = join(import.meta.dirname, file);
  const env = { TF_CPP_MIN_LOG_LEVEL: '2', ...process.env }; // TensorFlow tells of the processor otherwise
  const options = { encoding: 'utf8', env, maxBuffer: 2 ** 28 };
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [script, ...args], options);
  if (status === 0) return JSON.parse(stdout.trimEnd().split('\n').at(-1));
  const said = stderr.split('\n').find((line) => /^\w*Error/.test(line)) ?? stderr.trim().split('\n').at(-1);
  return { crash: `${signal ?? `exit code ${status}`}: ${said}` };
}

/** Whether the diagnostics of `fit` reach TensorBoard, whose callback comes with the native addon. */
function tensorBoard() {
  const { absent, lacking, error, crash } = result('tensor-board.mjs');
  if (absent !== undefined) return { ok: true, note: 'not tried, for there is no native addon' };
  if (lacking?.length === 0) return { ok: true, note: 'has every diagnostic, of batches and of epochs' };
  return { ok: false, note: lacking === undefined ? (error ?? crash) : `lacks ${lacking.join(', ')}` };
}

const columns = [
  ['engine', ({ engine }) => engine],
  ['trained by', ({ way = '' }) => way],
  ['result', ({ verdict }) => verdict],
  ['from cpu', ({ deviation }) => deviation?.toExponential(1) ?? ''],
  ['repeat', ({ repeats }) => (repeats === undefined ? '' : repeats ? 'same bits' : 'other bits')],
  ['seconds', ({ seconds }) => seconds?.toFixed(2) ?? ''],
  ['', ({ note }) => note],
];

function table(rows) {
  const cells = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, text]) => text(row)))];
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ');
  return cells.map((row) => line(row).trimEnd()).join('\n');
}

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !engines.has(name));
if (unknown !== undefined) {
  process.stderr.write(`error: engine ${unknown} must be one of ${[...engines.keys()].join(', ')}\n`);
  process.exit(2);
}

const reference = trainOn('cpu');
const others = [...engines.keys()].filter((name) => name !== 'cpu' && (asked.length === 0 || asked.includes(name)));
const rows = [
  judge('cpu', reference, reference),
  ...others.map((name) => judge(name, trainOn(name), reference)),
].flat();
const failed = rows.filter(({ verdict }) => verdict === 'failed');
const board = tensorBoard();

const title = `SAM on every engine, Node ${process.version}, at most ${TOLERANCE} from cpu`;
process.stdout.write(`${title}\n\n${table(rows)}\n\n`);
if (rows.some(({ verdict }) => verdict === 'not here')) process.stdout.write(`${hints}\n`);
process.stdout.write(`the callback of TensorBoard: ${board.note}\n`);
if (!board.ok) failed.push(board);
process.stdout.write(failed.length === 0 ? 'every engine that is here trains\n' : `${failed.length} failed\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
