/** What became of a mutant that was tried, in Stryker's words, and in the report's. */
const fates = {
  Killed: 'killed',
  Timeout: 'timed out',
  Survived: 'survived',
  NoCoverage: 'not covered',
};

/** Characters of a mutant that are shown. */
const LONGEST = 160;

const explanation = `Each mutant is one small change of the source. It is killed when a test of its own package fails, or none ends in time.
\`npm run test:mutants\` makes this page. At most 10 % of the mutants may be left alive, and each that is has its reason
here, out of \`explanations.json\`.`;

/**
 * What Stryker found out about one package.
 *
 * @param stryker its JSON report
 * @param explanations by file, why a mutant may survive: `{ line, becomes?, why }` for the mutants of a source line, by
 * its text, or for one of them
 */
export function summarize(stryker, explanations) {
  const files = Object.entries(stryker.files);
  const mutants = files.flatMap(([path, { mutants }]) => mutants.map((mutant) => ({ path, ...mutant })));
  const counts = Object.fromEntries(
    Object.entries(fates).map(([status, fate]) => [fate, mutants.filter((mutant) => mutant.status === status).length]),
  );
  const tried = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const survivors = mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map((mutant) => survivorOf(mutant, stryker.files[mutant.path].source, explanations[mutant.path] ?? []));
  return { tried, counts, survivors, share: survivors.length / tried };
}

/** Where mutants are that not all tests were tried on, as Stryker's option `mutate` takes it: lines from 1, columns from 0. */
export function openPlaces({ files }) {
  return Object.entries(files).flatMap(([path, { mutants }]) =>
    mutants
      .filter((mutant) => mutant.static && !['Killed', 'Timeout'].includes(mutant.status))
      .map(({ location: { start, end } }) => `${path}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`),
  );
}

function survivorOf({ path, location: { start, end }, replacement, status }, source, explanations) {
  const lines = source.split('\n');
  const line = lines[start.line - 1].trim();
  const becomes = oneLine(replacement ?? '');
  const explanation = explanations.find((one) => one.line === line && (one.becomes ?? becomes) === becomes);
  return { path, at: start.line, line, code: oneLine(cut(lines, start, end)), becomes, status, why: explanation?.why };
}

function cut(lines, start, end) {
  const [first, ...others] = lines.slice(start.line - 1, end.line);
  if (others.length === 0) return first.slice(start.column - 1, end.column - 1);
  return [first.slice(start.column - 1), ...others.slice(0, -1), others.at(-1).slice(0, end.column - 1)].join('\n');
}

const oneLine = (code) => code.replace(/\s+/g, ' ').trim();

/** The report as Markdown, of `{ name, summary }` for each package. */
export function markdown(packages) {
  return [
    '# Mutants of tree, core and sam',
    explanation,
    table(packages),
    ...packages.map(({ name, summary }) => section(name, summary.survivors)),
  ].join('\n\n');
}

function table(packages) {
  const columns = Object.values(fates);
  const rows = packages.map(({ name, summary: { tried, counts, share } }) => [
    name,
    tried,
    ...columns.map((fate) => counts[fate]),
    `${(100 * share).toFixed(1)} %`,
  ]);
  const head = ['package', 'mutants', ...columns, 'left alive'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function section(name, survivors) {
  const paths = [...new Set(survivors.map(({ path }) => path))];
  const parts = paths.map((path) => {
    const items = survivors.filter((one) => one.path === path).map(item);
    return `### ${path.replace(`packages/${name}/src/`, '')}\n\n${items.join('\n')}`;
  });
  return [`## ${name}`, ...(parts.length === 0 ? ['None is left alive.'] : parts)].join('\n\n');
}

const item = ({ at, code, becomes, status, why }) =>
  `- line ${at}, ${quoted(code)} → ${quoted(becomes)}${status === 'NoCoverage' ? ' (not covered)' : ''}: ${why ?? '**not explained**'}`;

const quoted = (code) => (code.includes('`') ? `\`\` ${short(code)} \`\`` : `\`${short(code)}\``);

const short = (code) => (code.length <= LONGEST ? code : `${code.slice(0, LONGEST)}…`);
