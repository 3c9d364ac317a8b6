import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { encode } from './encode.ts';

const python = process.env['FLATMIN_PYTHON'] ?? 'python3';
const program = `
import json, sys
from safetensors import deserialize
content = sys.stdin.buffer.read()
arrays = {name: [array["dtype"], array["shape"], list(array["data"])] for name, array in deserialize(content)}
header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
print(json.dumps({"arrays": arrays, "value": json.loads(header["__metadata__"]["value"])}))
`;

it('the Python package safetensors reads what is encoded', ({ skip }) => {
  const without = spawnSync(python, ['-c', 'import safetensors']).status !== 0;
  skip(without, `${python} has no package safetensors; FLATMIN_PYTHON names another Python`);
  const value = {
    weights: { 'dense/kernel': Float32Array.of(1, -2), bias: new Float32Array(), ids: BigInt64Array.of(-1n) },
    half: { '\ud800': Uint8Array.of(7), '\ufffd': Int16Array.of(-1) },
    learningRate: Number.NaN,
  };
  const { stdout } = spawnSync(python, ['-c', program], { input: encode(value), encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual({
    arrays: {
      'weights/dense/kernel': ['F32', [2], [0, 0, 128, 63, 0, 0, 0, 192]],
      'weights/bias': ['F32', [0], []],
      'weights/ids': ['I64', [1], Array(8).fill(255)],
      'half/\ufffd': ['U8', [1], [7]],
      'half/\ufffd#2': ['I16', [1], [255, 255]],
    },
    value: {
      weights: {
        'dense/kernel': { $array: 'weights/dense/kernel' },
        bias: { $array: 'weights/bias' },
        ids: { $array: 'weights/ids' },
      },
      half: { '\ud800': { $array: 'half/\ufffd' }, '\ufffd': { $array: 'half/\ufffd#2' } },
      learningRate: { $number: 'NaN' },
    },
  });
});
