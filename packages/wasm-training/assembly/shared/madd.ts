/** sum + a · b, rounded twice; in the relaxed modules by the processor's fused instruction, rounded once, if it has one. */
export function madd(sum: v128, a: v128, b: v128): v128 {
  // A constant of the compiler's: the branch not taken is not compiled.
  if (RELAXED) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(sum, f32x4.mul(a, b));
}
