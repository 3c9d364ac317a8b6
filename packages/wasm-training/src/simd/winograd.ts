import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Geometry } from '../geometry.ts';
import { allocate, view } from '../memory.ts';
import { addressOf } from './simd-kernel.ts';
import type { Exports } from './web-assembly.ts';

/** The tiles that are worked on at once, at least: so many that the matrices have some height, and still lie near. */
const tilesAtOnce = 48;

/** Whether a convolution is one that Winograd's algorithm computes with fewer multiplications, and our functions serve. */
export function isForWinograd({ rows, columns, inChannels, outChannels }: Geometry): boolean {
  const axes = [rows, columns].every(({ filter, stride, output }) => filter === 3 && stride === 1 && output >= 4);
  return axes && inChannels % 4 === 0 && outChannels % 4 === 0;
}

/** Rows of tiles of 2×2 outputs, the images' one behind the other, in blocks. */
interface Tiling {
  readonly tileRows: number;
  readonly tileColumns: number;
  /** The rows of tiles of all images together. */
  readonly total: number;
  readonly rowsAtOnce: number;
}

function tilingOf({ batch, rows, columns }: Geometry): Tiling {
  const [tileRows, tileColumns] = [Math.ceil(rows.output / 2), Math.ceil(columns.output / 2)];
  const total = batch * tileRows;
  return { tileRows, tileColumns, total, rowsAtOnce: Math.min(total, Math.ceil(tilesAtOnce / tileColumns)) };
}

/** The bytes from one plane of transformed tiles to the next: not a multiple of a power of 2, which caches map alike. */
const planeOf = ({ rowsAtOnce, tileColumns }: Tiling, pixel: number): number => rowsAtOnce * tileColumns * pixel + 64;

/** A vector of zeros. */
export function zeros(length: number, backend: BackendWasm): tf.Tensor {
  const vector = allocate<tf.Rank.R1>([length], backend);
  view(vector, backend).fill(0);
  return vector;
}

/** Calls back for each block of rows of tiles: first with each row, its image, its row there and its place in the block. */
function eachBlock(
  { tileRows, tileColumns, total, rowsAtOnce }: Tiling,
  before: (image: number, row: number, tile: number) => void,
  block: (tiles: number) => void,
  after: (image: number, row: number, tile: number) => void,
): void {
  for (let start = 0; start < total; start += rowsAtOnce) {
    const end = Math.min(start + rowsAtOnce, total);
    const eachRow = (visit: typeof before) => {
      for (let r = start; r < end; r++) visit(Math.floor(r / tileRows), r % tileRows, (r - start) * tileColumns);
    };
    eachRow(before);
    block((end - start) * tileColumns);
    eachRow(after);
  }
}

/** The transform of a row of tiles of the input, into planes at `v`. */
function inputTransform(geometry: Geometry, x: number, v: number, plane: number, scratch: number, functions: Exports) {
  const { inChannels, rows, columns } = geometry;
  const pixel = 4 * inChannels;
  const tileColumns = Math.ceil(columns.output / 2);
  return (image: number, row: number, tile: number): void => {
    functions['inputToTiles']!(
      x + image * rows.input * columns.input * pixel,
      v + tile * pixel,
      scratch,
      2 * row - rows.padding,
      rows.input,
      columns.input,
      columns.padding * pixel,
      tileColumns,
      pixel,
      plane,
    );
  };
}

/** The bytes that `inputToTiles` needs for rows that are half transformed. */
const scratchBytes = ({ tileColumns }: Tiling, pixel: number): number => 5 * (2 * tileColumns + 2) * pixel;

/** The bytes of pixels and of the filter at one tap, and where what is transformed lies. */
interface Workspace {
  readonly tiling: Tiling;
  readonly inPixel: number;
  readonly outPixel: number;
  readonly matrix: number;
  /** The transformed filter: 16 matrices. */
  readonly u: number;
  /** The transformed tiles of the input, and those of the output: 16 planes each, so many bytes apart. */
  readonly v: number;
  readonly vPlane: number;
  readonly m: number;
  readonly mPlane: number;
  readonly scratch: number;
  /** To be disposed of. */
  readonly buffers: readonly tf.Tensor[];
}

function workspaceOf(geometry: Geometry, backend: BackendWasm): Workspace {
  const tiling = tilingOf(geometry);
  const [inPixel, outPixel] = [4 * geometry.inChannels, 4 * geometry.outChannels];
  const [vPlane, mPlane] = [planeOf(tiling, inPixel), planeOf(tiling, outPixel)];
  const matrix = inPixel * geometry.outChannels;
  const sizes = [16 * matrix, 16 * vPlane, 16 * mPlane, scratchBytes(tiling, inPixel)];
  const buffers = sizes.map((bytes) => zeros(bytes / 4, backend));
  const [u, v, m, scratch] = buffers.map((buffer) => addressOf(buffer, backend)) as [number, number, number, number];
  return { tiling, inPixel, outPixel, matrix, u, v, vPlane, m, mPlane, scratch, buffers };
}

/** Writes to `y` the convolution of `x` with `filter`, each channel with its bias. */
export function convolve(
  geometry: Geometry,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  bias: tf.TensorInfo,
  y: tf.TensorInfo,
  backend: BackendWasm,
  functions: Exports,
): void {
  const { inChannels, outChannels, rows, columns } = geometry;
  const { tiling, outPixel, matrix, u, v, vPlane, m, mPlane, scratch, buffers } = workspaceOf(geometry, backend);
  const [to, biases] = [addressOf(y, backend), addressOf(bias, backend)];
  functions['filterToTiles']!(addressOf(filter, backend), u, matrix);
  eachBlock(
    tiling,
    inputTransform(geometry, addressOf(x, backend), v, vPlane, scratch, functions),
    (tiles) => functions['matrixProducts']!(v, u, m, 16, tiles, inChannels, outChannels, vPlane, mPlane),
    (image, row, tile) => {
      const first = (image * rows.output + 2 * row) * columns.output;
      const count = Math.min(2, rows.output - 2 * row);
      functions['tilesToOutput']!(
        m + tile * outPixel,
        biases,
        to + first * outPixel,
        count,
        columns.output,
        outPixel,
        mPlane,
      );
    },
  );
  tf.dispose([...buffers]);
}

/** Writes to `dw` the gradient by the filter, for the gradient `dy` of the output. */
export function differentiateByFilter(
  geometry: Geometry,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  dw: tf.TensorInfo,
  backend: BackendWasm,
  functions: Exports,
): void {
  const { inChannels, outChannels, rows, columns } = geometry;
  const { tiling, inPixel, outPixel, matrix, u, v, vPlane, m, mPlane, scratch, buffers } = workspaceOf(
    geometry,
    backend,
  );
  const from = addressOf(dy, backend);
  const transformInput = inputTransform(geometry, addressOf(x, backend), v, vPlane, scratch, functions);
  eachBlock(
    tiling,
    (image, row, tile) => {
      transformInput(image, row, tile);
      const first = (image * rows.output + 2 * row) * columns.output;
      const count = Math.min(2, rows.output - 2 * row);
      functions['outputToTiles']!(
        from + first * outPixel,
        m + tile * outPixel,
        count,
        columns.output,
        outPixel,
        mPlane,
      );
    },
    (tiles) => {
      for (let k = 0; k < 16; k++) {
        const [left, right, sum] = [v + k * vPlane, m + k * mPlane, u + k * matrix];
        functions['outerProducts']!(left, right, sum, inChannels, outChannels, 1, tiles, 0, inPixel, 0);
      }
    },
    () => {},
  );
  functions['tilesToFilter']!(u, addressOf(dw, backend), matrix);
  tf.dispose([...buffers]);
}
