/** Σx², in float64: no square of a float32 is lost there or too large. */
export function sumOfSquares(x: usize, count: i32): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  for (; count >= 4; count -= 4) {
    const values = v128.load(x);
    const low = f64x2.promote_low_f32x4(values);
    const high = f64x2.promote_low_f32x4(
      i8x16.shuffle(values, values, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15),
    );
    a = f64x2.add(a, f64x2.mul(low, low));
    b = f64x2.add(b, f64x2.mul(high, high));
    x += 16;
  }
  a = f64x2.add(a, b);
  let sum = f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
  for (; count > 0; count--) {
    const value = f64(load<f32>(x));
    sum += value * value;
    x += 4;
  }
  return sum;
}

/** a + factor · b, each product rounded before the sum. */
export function addScaled(target: usize, a: usize, factor: f32, b: usize, count: i32): void {
  const factors = f32x4.splat(factor);
  for (; count >= 4; count -= 4) {
    v128.store(target, f32x4.add(v128.load(a), f32x4.mul(factors, v128.load(b))));
    target += 16;
    a += 16;
    b += 16;
  }
  for (; count > 0; count--) {
    store<f32>(target, load<f32>(a) + factor * load<f32>(b));
    target += 4;
    a += 4;
    b += 4;
  }
}
