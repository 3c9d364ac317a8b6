import { describe, expect, it } from 'vitest';
import { adam, adamw } from './adam.ts';
import { every } from './every.ts';
import { momentum } from './momentum.ts';
import { checkSchedule } from './options.ts';
import { plain } from './plain.ts';
import { cosine, linear, proportional, tracking, warmUp } from './schedule.ts';
import { Session } from './session.ts';
import { sgd } from './sgd.ts';
import { sharded } from './sharded.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { f64 } from './testing/kinds.ts';

const learningRate = 0.1;
const session = (options: object): unknown => new Session(plain(), f64.algebra, options);
const optimizer = (options: object): unknown => sharpnessAware(sgd({ learningRate }), plain(), f64.algebra, options);
const track = (options: object): void =>
  checkSchedule('sam', 'rho', tracking({ from: 0, to: 1, learningRates: [0, 1], ...options }));
const loose = <F extends (options: never) => unknown>(f: F): ((options: unknown) => unknown) => f as never;

const refusals: [what: string, make: () => unknown, sentence: string][] = [
  [
    'a misspelt option',
    () => loose(momentum)({ learningRate, nestrov: true }),
    'momentum: there is no option nestrov; the options are learningRate, momentum, nesterov, weightDecay, exclude.',
  ],
  [
    'no learning rate',
    () => loose(sgd)({}),
    'sgd: learningRate is undefined; give a finite number of at least 0 or a schedule.',
  ],
  [
    'a number in quotes',
    () => loose(sgd)({ learningRate: '0.1' }),
    'sgd: learningRate is "0.1"; give a finite number of at least 0 or a schedule.',
  ],
  [
    'a misspelt option of sgd',
    () => loose(sgd)({ learningRate, decay: 1 }),
    'sgd: there is no option decay; the options are learningRate, weightDecay, exclude.',
  ],
  [
    'an option of adam with decay',
    () => loose(adamw)({ learningRate, momentum: 1 }),
    'adamw: there is no option momentum; the options are learningRate, beta1, beta2, stability, weightDecay, exclude.',
  ],
  ['a negative decay', () => sgd({ learningRate, weightDecay: -1 }), 'sgd: weightDecay is -1; give a'],
  ['a negative decay with momentum', () => momentum({ learningRate, weightDecay: -1 }), 'momentum: weightDecay is -1;'],
  ['no learning rate with momentum', () => loose(momentum)({}), 'momentum: learningRate is undefined; give a'],
  ['a negative learning rate', () => sgd({ learningRate: -1 }), 'sgd: learningRate is -1; give a'],
  ['a learning rate that is NaN', () => adam({ learningRate: Number.NaN }), 'adam: learningRate is NaN; give a'],
  [
    'a learning rate proportional to itself',
    () => sgd({ learningRate: proportional(2) }),
    'sgd: learningRate depends on itself; give a number or a schedule of the step.',
  ],
  [
    'the same within a warm-up',
    () => sgd({ learningRate: warmUp({ steps: 3, to: proportional(2) }) }),
    'sgd: learningRate depends on itself',
  ],
  [
    'a schedule over no steps',
    () => adamw({ learningRate: linear({ from: 0, to: 1, steps: 0 }) }),
    'adamw: learningRate.steps is 0; give an integer of at least 1.',
  ],
  [
    'a schedule from below zero',
    () => sgd({ learningRate: cosine({ from: -1, to: 1, steps: 5 }) }),
    'sgd: learningRate.from is -1; give a finite number of at least 0.',
  ],
  [
    'a schedule to infinity',
    () => sgd({ learningRate: linear({ from: 1, to: Number.POSITIVE_INFINITY, steps: 5 }) }),
    'sgd: learningRate.to is Infinity; give a finite number of at least 0.',
  ],
  [
    'a warm-up to what is no schedule',
    () => loose(sgd)({ learningRate: warmUp({ steps: 5, to: 'slow' as never }) }),
    'sgd: learningRate.to is "slow"; give a finite number of at least 0 or a schedule.',
  ],
  [
    'a warm-up over half a step',
    () => sgd({ learningRate: warmUp({ steps: 0.5, to: 1 }) }),
    'sgd: learningRate.steps is 0.5; give an integer of at least 1.',
  ],
  [
    'a schedule nobody knows',
    () => loose(sgd)({ learningRate: { schedule: 'steep' } }),
    'sgd: learningRate is {"schedule":"steep"}; give a number, linear(…), cosine(…), warmUp(…), proportional(…), tracking(…) or a function.',
  ],
  [
    'ρ of null',
    () => checkSchedule('sam', 'rho', null as never),
    'sam: rho is null; give a finite number of at least 0 or a schedule.',
  ],
  [
    'ρ of less than no learning rates',
    () => checkSchedule('sam', 'rho', proportional(-1)),
    'sam: rho.factor is -1; give a finite number of at least 0.',
  ],
  [
    'ρ that tracks from below zero',
    () => track({ from: -1 }),
    'sam: rho.from is -1; give a finite number of at least 0.',
  ],
  ['ρ that tracks to below zero', () => track({ to: -2 }), 'sam: rho.to is -2; give a finite number of at least 0.'],
  [
    'ρ that tracks a negative learning rate',
    () => track({ learningRates: [-1, 1] }),
    'sam: rho.learningRates[0] is -1; give a finite number of at least 0.',
  ],
  [
    'ρ that tracks learning rates of which the larger is first',
    () => track({ learningRates: [2, 1] }),
    'sam: rho.learningRates[1] is 1; give a finite number above 2.',
  ],
  [
    'ρ that tracks nothing',
    () => track({ learningRates: undefined }),
    'sam: rho.learningRates[0] is undefined; give a finite number of at least 0.',
  ],
  [
    'a learning rate that tracks itself',
    () => sgd({ learningRate: tracking({ from: 0, to: 1, learningRates: [0, 1] }) }),
    'sgd: learningRate depends on itself',
  ],
  [
    'momentum of 1',
    () => momentum({ learningRate, momentum: 1 }),
    'momentum: momentum is 1; give a finite number of at least 0 and below 1.',
  ],
  ['beta1 of 1', () => adam({ learningRate, beta1: 1 }), 'adam: beta1 is 1; give a finite number of at least 0 and'],
  ['a negative beta2', () => adamw({ learningRate, beta2: -0.1 }), 'adamw: beta2 is -0.1; give'],
  [
    'negative stability',
    () => adam({ learningRate, stability: -1e-8 }),
    'adam: stability is -1e-8; give a finite number of at least 0.',
  ],
  ['weight decay for adam', () => loose(adam)({ learningRate, weightDecay: 0.1 }), 'adam: there is no option weightD'],
  ['negative weight decay', () => adamw({ learningRate, weightDecay: -1 }), 'adamw: weightDecay is -1; give a finite'],
  [
    'a role that does not exist',
    () => loose(adamw)({ learningRate, exclude: ['biases'] }),
    'adamw: exclude is ["biases"]; give a pattern of paths, a list of the roles weight, bias, gamma, beta, or a function.',
  ],
  ['every 0 steps', () => every(0, plain()), 'every: k is 0; give an integer of at least 1.'],
  ['every 1.5 steps', () => every(1.5, plain()), 'every: k is 1.5; give an integer of at least 1.'],
  ['no shards', () => sharded(plain(), 0), 'sharded: count is 0; give an integer of at least 1.'],
  ['half a seed', () => session({ seed: 0.5 }), 'plain: seed is 0.5; give an integer.'],
  [
    'another answer to what is not finite',
    () => session({ nonFinite: 'warn' as 'skip' }),
    "plain: nonFinite is \"warn\"; give 'error', 'skip' or 'ignore'.",
  ],
  [
    'a name for a selector',
    () => session({ perturb: 'bias' }),
    'plain: perturb is "bias"; give a pattern of paths, a list of the roles weight, bias, gamma, beta, or a function.',
  ],
  [
    'roles that are no function',
    () => session({ roles: { kernel: 'weight' } }),
    'plain: roles is not a function; give one that takes a path to a role.',
  ],
  [
    'an unknown option of a session',
    () => session({ sed: 1 }),
    'plain: there is no option sed; the options are seed, perturb, roles, nonFinite.',
  ],
  [
    'an unknown option of an optimizer',
    () => optimizer({ offer: ['shards'] }),
    'sharpnessAware: there is no option offer; the options are seed, perturb, roles, nonFinite, offers.',
  ],
];

describe('options that make no sense', () => {
  it.each(refusals)('are refused at construction, in a sentence: %s', (_, make, sentence) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(sentence);
  });
});

describe('options that make sense', () => {
  it('are taken, at the ends of their ranges too', () => {
    const made = [
      sgd({ learningRate: 0 }),
      momentum({ learningRate, momentum: 0 }),
      adam({ learningRate, beta1: 0, beta2: 0, stability: 0 }),
      adamw({ learningRate: () => 1, weightDecay: 0, exclude: [] }),
      sgd({ learningRate: warmUp({ steps: 1, to: linear({ from: 0, to: 0, steps: 1 }) }) }),
      every(1, plain()),
      sharded(plain(), 1),
      session({ seed: -5, nonFinite: 'skip', perturb: ['bias', 'gamma'], roles: () => undefined }),
      session({ perturb: /kernel/ }),
      track({ from: 1, to: 0, learningRates: [0, 1e-9] }) ?? 'taken',
      optimizer({ perturb: () => true, offers: ['shards', 'perSample'] }),
    ];
    expect(made).not.toContain(undefined);
  });

  it('are kept as plain data, defaults filled in', () => {
    expect(adam({ learningRate }).options).toEqual({ beta1: 0.9, beta2: 0.999, stability: 1e-8 });
    expect(momentum({ learningRate }).options).toEqual({
      momentum: 0.9,
      nesterov: false,
      weightDecay: 0,
      exclude: [],
    });
    expect(adamw({ learningRate }).options).toMatchObject({ weightDecay: 0.01 });
  });
});
