/**
 * The gradient of max pooling: adds each dy to the first of the largest inputs in its window.
 *
 * `dx` holds zeros before. All sizes are in numbers, addresses in bytes.
 */
export function maxPoolGrad(
  x: usize,
  dy: usize,
  dx: usize,
  batch: i32,
  channels: i32,
  inRows: i32,
  inColumns: i32,
  outRows: i32,
  outColumns: i32,
  filterRows: i32,
  filterColumns: i32,
  strideRows: i32,
  strideColumns: i32,
  paddingTop: i32,
  paddingLeft: i32,
): void {
  const pixel = usize(channels) << 2;
  const row = usize(inColumns) * pixel;
  const image = usize(inRows) * row;
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < outRows; y++) {
      const p = y * strideRows - paddingTop;
      const from = usize(max(0, p)) * row;
      const to = usize(max(0, min(inRows, p + filterRows))) * row;
      for (let z = 0; z < outColumns; z++) {
        const q = z * strideColumns - paddingLeft;
        const left = usize(max(0, q)) * pixel;
        const right = usize(max(0, min(inColumns, q + filterColumns))) * pixel;
        let c: usize = 0;
        for (; c + 16 <= pixel; c += 16) fourChannels(x + c, dy + c, dx + c, from, to, left, right, row, pixel);
        for (; c < pixel; c += 4) oneChannel(x + c, dy + c, dx + c, from, to, left, right, row, pixel);
        dy += pixel;
      }
    }
    x += image;
    dx += image;
  }
}

function fourChannels(
  x: usize,
  dy: usize,
  dx: usize,
  from: usize,
  to: usize,
  left: usize,
  right: usize,
  row: usize,
  pixel: usize,
): void {
  let largest = f32x4.splat(-Infinity);
  // No window begins here, so a window that holds only padding or NaN passes its gradient on to nobody.
  let places = i32x4.splat(-1);
  for (let p = from; p < to; p += row) {
    for (let q = left; q < right; q += pixel) {
      const value = v128.load(x + p + q);
      const larger = f32x4.gt(value, largest);
      largest = v128.bitselect(value, largest, larger);
      places = v128.bitselect(i32x4.splat(i32(p + q)), places, larger);
    }
  }
  const gradient = v128.load(dy);
  for (let p = from; p < to; p += row) {
    for (let q = left; q < right; q += pixel) {
      const here = v128.and(gradient, i32x4.eq(places, i32x4.splat(i32(p + q))));
      const address = dx + p + q;
      v128.store(address, f32x4.add(v128.load(address), here));
    }
  }
}

function oneChannel(
  x: usize,
  dy: usize,
  dx: usize,
  from: usize,
  to: usize,
  left: usize,
  right: usize,
  row: usize,
  pixel: usize,
): void {
  let largest: f32 = -Infinity;
  let place: usize = -1;
  for (let p = from; p < to; p += row) {
    for (let q = left; q < right; q += pixel) {
      const value = load<f32>(x + p + q);
      if (value > largest) {
        largest = value;
        place = p + q;
      }
    }
  }
  if (place !== -1) store<f32>(dx + place, load<f32>(dx + place) + load<f32>(dy));
}
