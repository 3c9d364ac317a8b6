/**
 * Sums of the rows of a matrix, in float64: sums[k] += Σ_n x[n, k].
 *
 * Eight numbers are added in float32 before they join a sum: to load and store the sums takes longer than to add. `rows`
 * and `width` are numbers of numbers; a width that is not a multiple of 4 costs a little more.
 */
export function sumRows(x: usize, sums: usize, rows: i32, width: i32): void {
  const row = usize(width) << 2;
  for (; rows >= 8; rows -= 8) {
    let k: usize = 0;
    for (; k + 16 <= row; k += 16) {
      let p = x + k;
      const a = f32x4.add(v128.load(p), v128.load(p + row));
      p += 2 * row;
      const b = f32x4.add(v128.load(p), v128.load(p + row));
      p += 2 * row;
      const c = f32x4.add(v128.load(p), v128.load(p + row));
      p += 2 * row;
      const d = f32x4.add(v128.load(p), v128.load(p + row));
      addFour(sums + 2 * k, f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
    }
    for (; k < row; k += 4) {
      for (let n: usize = 0; n < 8; n++) addOne(sums + 2 * k, x + n * row + k);
    }
    x += 8 * row;
  }
  for (; rows > 0; rows--) {
    for (let k: usize = 0; k < row; k += 4) addOne(sums + 2 * k, x + k);
    x += row;
  }
}

function addFour(sums: usize, values: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(values)));
  const high = i8x16.shuffle(values, values, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.promote_low_f32x4(high)), 16);
}

function addOne(sum: usize, x: usize): void {
  store<f64>(sum, load<f64>(sum) + f64(load<f32>(x)));
}
