import { type Setting, type SettingsOf, settings } from '@flatmin/core';

/** ρ: how far from the weights to look. */
export const radius: Setting<number> = { default: 0.05, above: 0 };

/** The ascent steps that look for the worst weights. */
export const ascentSteps: Setting<number> = { default: 1, min: 1, integer: true };

/** How often something is done, at least once. */
export const times = (often: number): Setting<number> => ({ default: often, min: 1, integer: true });

/** Seed of random draws. */
export const seed: Setting<number> = { default: 0, integer: true };

/** An option of everything that takes products with the Hessian. */
export interface DifferenceOptions {
  /**
   * h, the length of the differences of gradients in parts of ‖w‖. Default: a quarter of the cube root of the leaves'
   * unit roundoff, 1e-3 for float32 and 1.2e-6 for float64.
   */
  readonly h?: number;
}

/** {@link settings} of options with an h: where it is not given it stays so, for its default is known with the leaves. */
export function differenceSettings<O extends DifferenceOptions>(
  owner: string,
  options: O,
  known: SettingsOf<Omit<O, 'h'>>,
): Required<Omit<O, 'h'>> & { readonly h: number | undefined } {
  const { h } = options;
  const all = { ...known, h: { above: 0 } } as unknown as SettingsOf<O>;
  return { ...settings(owner, { ...options, h: h === undefined ? 1 : h }, all), h };
}
