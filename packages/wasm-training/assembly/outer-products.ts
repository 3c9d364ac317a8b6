import { madd } from './shared/madd';

/**
 * Adds to a matrix the outer products of two rows of pixels, which is the gradient of a convolution at one tap:
 *
 *     dw[c, o] += Σ_{y, z} x[y, z, c] · dy[y, z, o]
 *
 * All addresses and distances are in bytes. `outChannels` is a multiple of 4.
 */
export function outerProducts(
  x: usize,
  dy: usize,
  dw: usize,
  inChannels: i32,
  outChannels: i32,
  rows: i32,
  columns: i32,
  xRow: usize,
  xColumn: usize,
  dyRow: usize,
): void {
  const dyColumn: usize = usize(outChannels) << 2;
  let c = 0;
  for (; c + 4 <= inChannels; c += 4) {
    const xc = x + (usize(c) << 2);
    const dwc = dw + usize(c) * dyColumn;
    let o = 0;
    for (; o + 8 <= outChannels; o += 8) {
      const at = usize(o) << 2;
      fourByEight(xc, dy + at, dwc + at, rows, columns, xRow, xColumn, dyRow, dyColumn);
    }
    for (; o < outChannels; o += 4) {
      const at = usize(o) << 2;
      fourByFour(xc, dy + at, dwc + at, rows, columns, xRow, xColumn, dyRow, dyColumn);
    }
  }
  for (; c < inChannels; c++) {
    const xc = x + (usize(c) << 2);
    const dwc = dw + usize(c) * dyColumn;
    let o = 0;
    for (; o + 16 <= outChannels; o += 16) {
      const at = usize(o) << 2;
      oneBySixteen(xc, dy + at, dwc + at, rows, columns, xRow, xColumn, dyRow, dyColumn);
    }
    for (; o < outChannels; o += 4) {
      const at = usize(o) << 2;
      oneByFour(xc, dy + at, dwc + at, rows, columns, xRow, xColumn, dyRow, dyColumn);
    }
  }
}

function addTo(address: usize, sum: v128): void {
  v128.store(address, f32x4.add(v128.load(address), sum));
}

function fourByEight(
  x: usize,
  dy: usize,
  dw: usize,
  rows: i32,
  columns: i32,
  xRow: usize,
  xColumn: usize,
  dyRow: usize,
  dyColumn: usize,
): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let b2 = f32x4.splat(0);
  let b3 = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    let p = x;
    let q = dy;
    for (let z = columns; z > 0; z--) {
      const left = v128.load(q);
      const right = v128.load(q, 16);
      let v = v128.load32_splat(p);
      a0 = madd(a0, v, left);
      b0 = madd(b0, v, right);
      v = v128.load32_splat(p, 4);
      a1 = madd(a1, v, left);
      b1 = madd(b1, v, right);
      v = v128.load32_splat(p, 8);
      a2 = madd(a2, v, left);
      b2 = madd(b2, v, right);
      v = v128.load32_splat(p, 12);
      a3 = madd(a3, v, left);
      b3 = madd(b3, v, right);
      p += xColumn;
      q += dyColumn;
    }
    x += xRow;
    dy += dyRow;
  }
  addTo(dw, a0);
  addTo(dw + 16, b0);
  dw += dyColumn;
  addTo(dw, a1);
  addTo(dw + 16, b1);
  dw += dyColumn;
  addTo(dw, a2);
  addTo(dw + 16, b2);
  dw += dyColumn;
  addTo(dw, a3);
  addTo(dw + 16, b3);
}

function fourByFour(
  x: usize,
  dy: usize,
  dw: usize,
  rows: i32,
  columns: i32,
  xRow: usize,
  xColumn: usize,
  dyRow: usize,
  dyColumn: usize,
): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    let p = x;
    let q = dy;
    for (let z = columns; z > 0; z--) {
      const d = v128.load(q);
      a0 = madd(a0, v128.load32_splat(p), d);
      a1 = madd(a1, v128.load32_splat(p, 4), d);
      a2 = madd(a2, v128.load32_splat(p, 8), d);
      a3 = madd(a3, v128.load32_splat(p, 12), d);
      p += xColumn;
      q += dyColumn;
    }
    x += xRow;
    dy += dyRow;
  }
  addTo(dw, a0);
  addTo(dw + dyColumn, a1);
  addTo(dw + 2 * dyColumn, a2);
  addTo(dw + 3 * dyColumn, a3);
}

function oneBySixteen(
  x: usize,
  dy: usize,
  dw: usize,
  rows: i32,
  columns: i32,
  xRow: usize,
  xColumn: usize,
  dyRow: usize,
  dyColumn: usize,
): void {
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let c = f32x4.splat(0);
  let d = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    let p = x;
    let q = dy;
    for (let z = columns; z > 0; z--) {
      const v = v128.load32_splat(p);
      a = madd(a, v, v128.load(q));
      b = madd(b, v, v128.load(q, 16));
      c = madd(c, v, v128.load(q, 32));
      d = madd(d, v, v128.load(q, 48));
      p += xColumn;
      q += dyColumn;
    }
    x += xRow;
    dy += dyRow;
  }
  addTo(dw, a);
  addTo(dw + 16, b);
  addTo(dw + 32, c);
  addTo(dw + 48, d);
}

function oneByFour(
  x: usize,
  dy: usize,
  dw: usize,
  rows: i32,
  columns: i32,
  xRow: usize,
  xColumn: usize,
  dyRow: usize,
  dyColumn: usize,
): void {
  let a = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    let p = x;
    let q = dy;
    for (let z = columns; z > 0; z--) {
      a = madd(a, v128.load32_splat(p), v128.load(q));
      p += xColumn;
      q += dyColumn;
    }
    x += xRow;
    dy += dyRow;
  }
  addTo(dw, a);
}
