import { madd } from './shared/madd';

/**
 * Products of matrices:
 *
 *     m[k, t, o] = Σ_c v[k, t, c] · u[k, c, o]
 *
 * `count`, `height`, `inner` and `width` are the numbers of k, t, c and o; the last two are multiples of 4. From one v to
 * the next, and from one m, are `vPlane` and `mPlane` bytes; the u lie one behind the other.
 */
export function matrixProducts(
  v: usize,
  u: usize,
  m: usize,
  count: i32,
  height: i32,
  inner: i32,
  width: i32,
  vPlane: usize,
  mPlane: usize,
): void {
  const vRow = usize(inner) << 2;
  const uRow = usize(width) << 2;
  for (let k = 0; k < count; k++) {
    let o: usize = 0;
    for (; o + 32 <= uRow; o += 32) {
      let p = v;
      let q = m + o;
      let t = height;
      for (; t >= 4; t -= 4) {
        fourByEight(p, u + o, q, vRow, uRow);
        p += 4 * vRow;
        q += 4 * uRow;
      }
      for (; t > 0; t--) {
        oneByFour(p, u + o, q, vRow, uRow);
        oneByFour(p, u + o + 16, q + 16, vRow, uRow);
        p += vRow;
        q += uRow;
      }
    }
    for (; o < uRow; o += 16) {
      for (let t = 0; t < height; t++) oneByFour(v + usize(t) * vRow, u + o, m + usize(t) * uRow + o, vRow, uRow);
    }
    v += vPlane;
    u += usize(inner) * uRow;
    m += mPlane;
  }
}

function fourByEight(v: usize, u: usize, m: usize, vRow: usize, uRow: usize): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let b2 = f32x4.splat(0);
  let b3 = f32x4.splat(0);
  let v1 = v + vRow;
  let v2 = v1 + vRow;
  let v3 = v2 + vRow;
  // Not unrolled: the optimiser would then load many values early, more than there are registers.
  for (const end = v + vRow; v < end; v += 4) {
    const left = v128.load(u);
    const right = v128.load(u, 16);
    let x = v128.load32_splat(v);
    a0 = madd(a0, x, left);
    b0 = madd(b0, x, right);
    x = v128.load32_splat(v1);
    a1 = madd(a1, x, left);
    b1 = madd(b1, x, right);
    x = v128.load32_splat(v2);
    a2 = madd(a2, x, left);
    b2 = madd(b2, x, right);
    x = v128.load32_splat(v3);
    a3 = madd(a3, x, left);
    b3 = madd(b3, x, right);
    u += uRow;
    v1 += 4;
    v2 += 4;
    v3 += 4;
  }
  v128.store(m, a0);
  v128.store(m, b0, 16);
  m += uRow;
  v128.store(m, a1);
  v128.store(m, b1, 16);
  m += uRow;
  v128.store(m, a2);
  v128.store(m, b2, 16);
  m += uRow;
  v128.store(m, a3);
  v128.store(m, b3, 16);
}

function oneByFour(v: usize, u: usize, m: usize, vRow: usize, uRow: usize): void {
  let a = f32x4.splat(0);
  for (const end = v + vRow; v < end; v += 4) {
    a = madd(a, v128.load32_splat(v), v128.load(u));
    u += uRow;
  }
  v128.store(m, a);
}
