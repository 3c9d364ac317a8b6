import type { Point } from './paths.ts';

/** A loss of two weights, and its gradient. */
export interface Problem2d {
  /** L(w) */
  loss(w: Point): number;
  /** ∇L(w) */
  gradient(w: Point): Point;
}

/**
 * A valley that is sharp at one end and flat at the other, in closed form: its floor runs along w₁, and its walls are
 * steep to the left of 0 and gentle to the right.
 *
 * L(w) = ½ κ(w₁) w₂² + ½ μ w₁², κ(w₁) = κ_flat + (κ_sharp − κ_flat) σ(−w₁/s), where σ(x) = 1/(1 + e⁻ˣ), κ_sharp = 4,
 * κ_flat = ½, s = ¼ and μ = 0.2.
 *
 * On the floor (w₂ = 0) the gradient knows nothing of the walls. A little up a wall it has a part along the valley,
 * ½ κ′(w₁) w₂², which leads to the flat end: so it is that SAM, which looks there, goes where the walls are flat.
 */
export const valley: Problem2d = {
  loss([x, y]) {
    return (kappa(x) * y ** 2) / 2 + (MU * x ** 2) / 2;
  },
  gradient([x, y]) {
    const part = sigmoid(-x / WIDTH);
    const slope = (-(SHARP - FLAT) * part * (1 - part)) / WIDTH; // κ′(w₁)
    return [(slope * y ** 2) / 2 + MU * x, kappa(x) * y];
  },
};

const [SHARP, FLAT, WIDTH, MU] = [4, 0.5, 0.25, 0.2];

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const kappa = (x: number): number => FLAT + (SHARP - FLAT) * sigmoid(-x / WIDTH);
