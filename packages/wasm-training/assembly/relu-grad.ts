/** dx = dy · step(x), where step is 1 above 0, else 0, and of NaN it is NaN. */
export function reluGrad(dx: usize, dy: usize, x: usize, count: i32): void {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (; count >= 4; count -= 4) {
    const values = v128.load(x);
    // All bits of what is not a number: NaN.
    const step = v128.or(v128.and(f32x4.gt(values, zero), one), f32x4.ne(values, values));
    v128.store(dx, f32x4.mul(v128.load(dy), step));
    dx += 16;
    dy += 16;
    x += 16;
  }
  for (; count > 0; count--) {
    const value = load<f32>(x);
    store<f32>(dx, load<f32>(dy) * (value > 0 ? 1 : value <= 0 ? 0 : value));
    dx += 4;
    dy += 4;
    x += 4;
  }
}
