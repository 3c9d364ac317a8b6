import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { instanceOf } from './instance.ts';
import { type Memory, webAssembly } from './web-assembly.ts';

const assembly = webAssembly();

/** A backend of which no more is known than its memory. */
const backendOver = (asm: object | undefined, heap: Memory): BackendWasm =>
  ({ wasm: { asm, HEAPU8: new Uint8Array(heap.buffer) } }) as unknown as BackendWasm;

beforeAll(async () => {
  await tf.setBackend('wasm');
});

describe('the functions of a module', () => {
  it("work on the memory of TensorFlow.js's backend as it is under Node, compiled once", () => {
    const backend = tf.backend() as BackendWasm;
    const functions = instanceOf('outer-products', backend);
    expect(functions?.['outerProducts']).toBeTypeOf('function');
    expect(instanceOf('outer-products', backend)).toBe(functions);
  });

  it('find the memory under any name, and no other than that of the tensors', () => {
    const [memory, other] = [new assembly.Memory({ initial: 1 }), new assembly.Memory({ initial: 1 })];
    expect(instanceOf('outer-products', backendOver({ other, x: memory }, memory))).toBeDefined();
    expect(instanceOf('outer-products', backendOver({ other }, memory))).toBeUndefined();
    expect(instanceOf('outer-products', backendOver(undefined, memory))).toBeUndefined();
  });

  it('of a relaxed module are those of the plain one, where the engine cannot compile it', () => {
    const memory = new assembly.Memory({ initial: 1 });
    const backend = backendOver({ memory }, memory);
    const [plain, relaxed] = [false, true].map((wanted) => instanceOf('outer-products', backend, wanted));
    expect(relaxed === plain).toBe(instanceOf('outer-products-relaxed', backend) === undefined);
    expect(instanceOf('winograd', backend, true)).toBe(instanceOf('winograd', backend));
  });

  it('are not there where the memory is shared between threads', () => {
    const memory = new assembly.Memory({ initial: 1, maximum: 1, shared: true });
    expect(instanceOf('outer-products', backendOver({ memory }, memory))).toBeUndefined();
  });
});
