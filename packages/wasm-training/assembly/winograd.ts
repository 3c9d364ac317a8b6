// The transforms of Winograd's convolution F(2×2, 3×3): y = Aᵀ [(G w Gᵀ) ⊙ (Bᵀ x B)] A for tiles of 2×2 outputs, which
// see 4×4 inputs (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015, section 4.1):
//
//          1  0 −1  0            1   0   0           1  1  1  0
//     Bᵀ = 0  1  1  0      G =   ½   ½   ½     Aᵀ =  0  1 −1 −1
//          0 −1  1  0            ½  −½   ½
//          0  1  0 −1            0   0   1
//
// Transformed tiles lie as 16 planes, one for each place in the tile, a plane being [tiles, channels]. Everything works
// on four channels at once; sizes are in bytes where they say so.

/** u = G w Gᵀ: from [3, 3, size] to 16 planes of [size], a size in bytes. */
export function filterToTiles(w: usize, u: usize, size: usize): void {
  // In place on the columns of the result: first the three columns of w, from top to bottom, then each row.
  for (let c: usize = 0; c < size; c += 16) {
    for (let j: usize = 0; j < 3; j++) {
      const from = w + j * size + c;
      spread(v128.load(from), v128.load(from + 3 * size), v128.load(from + 6 * size), u + j * size + c, 4 * size);
    }
    for (let i: usize = 0; i < 4; i++) {
      const row = u + 4 * i * size + c;
      spread(v128.load(row), v128.load(row + size), v128.load(row + 2 * size), row, size);
    }
  }
}

/** Stores G [a, b, c] at four places. */
function spread(a: v128, b: v128, c: v128, to: usize, distance: usize): void {
  const half = f32x4.splat(0.5);
  const outer = f32x4.mul(half, f32x4.add(a, c));
  const inner = f32x4.mul(half, b);
  v128.store(to, a);
  v128.store(to + distance, f32x4.add(outer, inner));
  v128.store(to + 2 * distance, f32x4.sub(outer, inner));
  v128.store(to + 3 * distance, c);
}

/** w = Gᵀ u G: from 16 planes of [size] to [3, 3, size], a size in bytes; u is changed. */
export function tilesToFilter(u: usize, w: usize, size: usize): void {
  for (let c: usize = 0; c < size; c += 16) {
    for (let j: usize = 0; j < 4; j++) {
      const from = u + j * size + c;
      gather(from, 4 * size, from, 4 * size);
    }
    for (let i: usize = 0; i < 3; i++) gather(u + 4 * i * size + c, size, w + 3 * i * size + c, size);
  }
}

/** Stores Gᵀ of four values at three places. */
function gather(from: usize, distance: usize, to: usize, toDistance: usize): void {
  const half = f32x4.splat(0.5);
  const a = v128.load(from);
  const b = v128.load(from + distance);
  const c = v128.load(from + 2 * distance);
  const d = v128.load(from + 3 * distance);
  const sum = f32x4.mul(half, f32x4.add(b, c));
  v128.store(to, f32x4.add(a, sum));
  v128.store(to + toDistance, f32x4.mul(half, f32x4.sub(b, c)));
  v128.store(to + 2 * toDistance, f32x4.add(sum, d));
}

/**
 * v = Bᵀ x B for one row of tiles: four rows of x, in which rows before 0 and from `rows` on are zeros.
 *
 * `scratch` has five rows of 2·tiles + 2 pixels: four for Bᵀ x, whose margins are zeros, and one of zeros. `pixel`,
 * `plane` and `left`, what lies to the left of x, are in bytes.
 */
export function inputToTiles(
  x: usize,
  v: usize,
  scratch: usize,
  firstRow: i32,
  rows: i32,
  columns: i32,
  left: i32,
  tiles: i32,
  pixel: usize,
  plane: usize,
): void {
  const xRow = usize(columns) * pixel;
  const row = usize(2 * tiles + 2) * pixel;
  const zeros = scratch + 4 * row;
  const x0 = rowOr(zeros, x, firstRow, rows, xRow);
  const x1 = rowOr(zeros, x, firstRow + 1, rows, xRow);
  const x2 = rowOr(zeros, x, firstRow + 2, rows, xRow);
  const x3 = rowOr(zeros, x, firstRow + 3, rows, xRow);
  const count = usize(max(0, min(i32(xRow), i32(row) - left)));
  const to = scratch + usize(left);
  for (let c: usize = 0; c < count; c += 16) {
    const d0 = v128.load(x0 + c);
    const d1 = v128.load(x1 + c);
    const d2 = v128.load(x2 + c);
    const d3 = v128.load(x3 + c);
    const at = to + c;
    v128.store(at, f32x4.sub(d0, d2));
    v128.store(at + row, f32x4.add(d1, d2));
    v128.store(at + 2 * row, f32x4.sub(d2, d1));
    v128.store(at + 3 * row, f32x4.sub(d1, d3));
  }
  for (let i: usize = 0; i < 4; i++) {
    let from = scratch + i * row;
    let at = v + 4 * i * plane;
    for (let tile = 0; tile < tiles; tile++) {
      for (const end = from + pixel; from < end; from += 16) {
        const d0 = v128.load(from);
        const d1 = v128.load(from + pixel);
        const d2 = v128.load(from + 2 * pixel);
        const d3 = v128.load(from + 3 * pixel);
        v128.store(at, f32x4.sub(d0, d2));
        v128.store(at + plane, f32x4.add(d1, d2));
        v128.store(at + 2 * plane, f32x4.sub(d2, d1));
        v128.store(at + 3 * plane, f32x4.sub(d1, d3));
        at += 16;
      }
      from += pixel;
    }
  }
}

function rowOr(zeros: usize, x: usize, row: i32, rows: i32, size: usize): usize {
  return row >= 0 && row < rows ? x + usize(row) * size : zeros;
}

/** y = Aᵀ m A + bias for one row of tiles: two rows of y, or one, of `columns` pixels. */
export function tilesToOutput(
  m: usize,
  bias: usize,
  y: usize,
  rows: i32,
  columns: i32,
  pixel: usize,
  plane: usize,
): void {
  const yRow = usize(columns) * pixel;
  for (let z = 0; z < columns; z += 2) {
    const wide = z + 1 < columns;
    for (let c: usize = 0; c < pixel; c += 16) {
      const b = v128.load(bias + c);
      let from = m + c;
      let m1 = v128.load(from + plane);
      let m2 = v128.load(from + 2 * plane);
      let h0 = f32x4.add(f32x4.add(v128.load(from), m1), m2);
      let h1 = f32x4.sub(f32x4.sub(m1, m2), v128.load(from + 3 * plane));
      let y00 = h0;
      let y01 = h1;
      from += 4 * plane;
      m1 = v128.load(from + plane);
      m2 = v128.load(from + 2 * plane);
      h0 = f32x4.add(f32x4.add(v128.load(from), m1), m2);
      h1 = f32x4.sub(f32x4.sub(m1, m2), v128.load(from + 3 * plane));
      y00 = f32x4.add(y00, h0);
      y01 = f32x4.add(y01, h1);
      let y10 = h0;
      let y11 = h1;
      from += 4 * plane;
      m1 = v128.load(from + plane);
      m2 = v128.load(from + 2 * plane);
      h0 = f32x4.add(f32x4.add(v128.load(from), m1), m2);
      h1 = f32x4.sub(f32x4.sub(m1, m2), v128.load(from + 3 * plane));
      y00 = f32x4.add(y00, h0);
      y01 = f32x4.add(y01, h1);
      y10 = f32x4.sub(y10, h0);
      y11 = f32x4.sub(y11, h1);
      from += 4 * plane;
      m1 = v128.load(from + plane);
      m2 = v128.load(from + 2 * plane);
      y10 = f32x4.sub(y10, f32x4.add(f32x4.add(v128.load(from), m1), m2));
      y11 = f32x4.sub(y11, f32x4.sub(f32x4.sub(m1, m2), v128.load(from + 3 * plane)));
      const to = y + c;
      v128.store(to, f32x4.add(y00, b));
      if (wide) v128.store(to + pixel, f32x4.add(y01, b));
      if (rows > 1) {
        v128.store(to + yRow, f32x4.add(y10, b));
        if (wide) v128.store(to + yRow + pixel, f32x4.add(y11, b));
      }
    }
    m += pixel;
    y += 2 * pixel;
  }
}

/** m = A y Aᵀ for one row of tiles: two rows of y, or one, of `columns` pixels. */
export function outputToTiles(y: usize, m: usize, rows: i32, columns: i32, pixel: usize, plane: usize): void {
  const yRow = usize(columns) * pixel;
  const zero = f32x4.splat(0);
  for (let z = 0; z < columns; z += 2) {
    const wide = z + 1 < columns;
    for (let c: usize = 0; c < pixel; c += 16) {
      const from = y + c;
      const to = m + c;
      const d00 = v128.load(from);
      const d01 = wide ? v128.load(from + pixel) : zero;
      const d10 = rows > 1 ? v128.load(from + yRow) : zero;
      const d11 = rows > 1 && wide ? v128.load(from + yRow + pixel) : zero;
      storeRow(d00, d01, to, plane);
      storeRow(f32x4.add(d00, d10), f32x4.add(d01, d11), to + 4 * plane, plane);
      storeRow(f32x4.sub(d00, d10), f32x4.sub(d01, d11), to + 8 * plane, plane);
      storeRow(f32x4.neg(d10), f32x4.neg(d11), to + 12 * plane, plane);
    }
    m += pixel;
    y += 2 * pixel;
  }
}

/** Stores A [a, b] in four planes. */
function storeRow(a: v128, b: v128, to: usize, plane: usize): void {
  v128.store(to, a);
  v128.store(to + plane, f32x4.add(a, b));
  v128.store(to + 2 * plane, f32x4.sub(a, b));
  v128.store(to + 3 * plane, f32x4.neg(b));
}
