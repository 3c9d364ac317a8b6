import { describe, expect, it } from 'vitest';
import { maskOf, type Role, roleOf, rolesOf } from './roles.ts';

describe('a role', () => {
  it.each<[Role, string[]]>([
    [
      'weight',
      [
        'kernel',
        'dense/kernel',
        'layers/0/W',
        'embeddings',
        'depthwise_kernel',
        'w1',
        '',
        'bias/kernel',
        'rescale',
        'reoffset',
        'verb1',
        'base',
      ],
    ],
    ['bias', ['bias', 'dense_1/bias', 'b', 'layers/0/b', 'b1', 'recurrent_bias', 'dense/Bias_2']],
    ['gamma', ['gamma', 'batch_normalization_1/gamma', 'norm/scale', 'gamma_1']],
    ['beta', ['beta', 'batch_normalization_1/beta', 'norm/offset']],
  ])('of %s is told by the last name of the path', (role, paths) => {
    expect(paths.map((path) => [path, roleOf(path)])).toEqual(paths.map((path) => [path, role]));
  });

  it('follows the name, not the shape, and an override before the name', () => {
    const weights = { norm: { scale: [1], kernel: 2 }, bias: 3 };
    expect(rolesOf<number>(weights)).toEqual({ norm: { scale: ['weight'], kernel: 'weight' }, bias: 'bias' });
    const override = (path: string): Role | undefined => (path.startsWith('norm') ? 'gamma' : undefined);
    expect(rolesOf<number>(weights, override)).toEqual({ norm: { scale: ['gamma'], kernel: 'gamma' }, bias: 'bias' });
  });
});

describe('a selector', () => {
  const roles = rolesOf<number>({ layers: [{ kernel: 1, bias: 2 }], norm: { gamma: 3, beta: 4 } });
  const chosen = (selector: Parameters<typeof maskOf>[0]): boolean[] => {
    const { layers, norm } = maskOf(selector, roles) as never as {
      layers: [{ kernel: boolean; bias: boolean }];
      norm: { gamma: boolean; beta: boolean };
    };
    return [layers[0].kernel, layers[0].bias, norm.gamma, norm.beta];
  };

  it('means leaves by path, by role, or by a function of both', () => {
    expect(chosen(/^layers/)).toEqual([true, true, false, false]);
    expect(chosen(/a$/g)).toEqual([false, false, true, true]); // a global pattern does not remember where it stopped
    expect(chosen(['gamma', 'weight'])).toEqual([true, false, true, false]);
    expect(chosen((path, role) => path.startsWith('norm') && role === 'beta')).toEqual([false, false, false, true]);
    expect(chosen([])).toEqual([false, false, false, false]);
  });
});
