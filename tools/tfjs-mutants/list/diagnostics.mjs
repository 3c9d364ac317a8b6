/** What a step saw, and how it comes into the logs of `fit`. */
export const diagnostics = [
  {
    file: 'sharpness-aware-optimizer.ts',
    mistake: 'the diagnostics of the step before leak',
    from: '    tf.dispose(this.#diagnostics);\n',
    to: '',
    tests: ['trainer-memory'],
  },
  {
    file: 'sharpness-aware-optimizer.ts',
    mistake: 'the option diagnostics is ignored',
    from: 'diagnostics ? withDiagnostics(variant) : variant',
    to: 'variant',
    tests: ['training'],
  },
  {
    file: 'log-diagnostics.ts',
    mistake: 'small batches weigh as much as large ones',
    from: '(sums[name] ?? 0) + size * value',
    to: '(sums[name] ?? 0) + value',
    tests: ['log-diagnostics'],
  },
  {
    file: 'log-diagnostics.ts',
    mistake: 'skipped steps spoil the means',
    from: '      if (wasSkipped) return;\n',
    to: '',
    tests: ['log-diagnostics'],
  },
  {
    file: 'log-diagnostics.ts',
    mistake: 'after a skipped step none counts',
    from: '      skipped = optimizer.skipped;\n',
    to: '',
    tests: ['log-diagnostics'],
  },
  {
    file: 'log-diagnostics.ts',
    mistake: 'the loss that fit has computed is overwritten',
    from: 'if (!(name in logs)) logs[name] = value;',
    to: 'logs[name] = value;',
    tests: ['log-diagnostics'],
  },
  {
    file: 'log-diagnostics.ts',
    mistake: 'an epoch counts the batches of those before',
    from: '      sums = {};\n      samples = 0;\n',
    to: '',
    tests: ['log-diagnostics'],
  },
  {
    file: 'log-diagnostics.ts',
    mistake: 'the form of the first callback is not taken up',
    from: 'type === undefined ? own : Object.assign(new type(), own)',
    to: 'own',
    tests: ['log-diagnostics'],
  },
];
