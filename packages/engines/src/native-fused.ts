import type * as tf from '@tensorflow/tfjs-core';

/** TensorFlow's own interface in the addon. Ids are of tensors in TensorFlow. */
interface Binding {
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_FLOAT: number;
  executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Output[];
  deleteTensor(id: number): void;
}

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

interface Output {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** Of the addon's backend what is used here; it is no part of the types of TensorFlow.js. */
interface NativeBackend {
  readonly binding: Binding;
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(output: Output): tf.Tensor;
}

/** float64 in TensorFlow, which TensorFlow.js does not know. */
const TF_DOUBLE = 2;

/** Operations of TensorFlow on ids: no tensor of TensorFlow.js is made for what is only passed on. */
class Operations {
  readonly #binding: Binding;

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  /** aᵢ + f·bᵢ */
  addScaled(a: number, factor: number, b: number): Output {
    const product = this.#run('Mul', [b, factor]);
    try {
      return this.#run('AddV2', [a, product.id]);
    } finally {
      this.#binding.deleteTensor(product.id);
    }
  }

  /** √Σx² in float64, whose range holds the square of every float32. */
  norm(ids: readonly number[]): Output {
    const halves: number[] = [];
    try {
      for (const id of ids) halves.push(this.#halfOfSquares(id));
      return this.#lengthOf(halves);
    } finally {
      for (const half of halves) this.#binding.deleteTensor(half);
    }
  }

  #halfOfSquares(id: number): number {
    return this.#then(this.#cast(id, this.#binding.TF_FLOAT, TF_DOUBLE), (wide) =>
      this.#run('L2Loss', [wide], TF_DOUBLE),
    ).id;
  }

  // √(2 Σh), for L2Loss is half of the sum of squares.
  #lengthOf(halves: readonly number[]): Output {
    const count = { name: 'N', type: this.#binding.TF_ATTR_INT, value: halves.length };
    const half = this.#run('AddN', halves, TF_DOUBLE, [count]);
    const sum = this.#then(half, (id) => this.#run('AddV2', [id, id], TF_DOUBLE));
    const length = this.#then(sum, (id) => this.#run('Sqrt', [id], TF_DOUBLE));
    return this.#then(length, (id) => this.#cast(id, TF_DOUBLE, this.#binding.TF_FLOAT));
  }

  #cast(id: number, from: number, to: number): Output {
    const { TF_ATTR_TYPE: type, TF_ATTR_BOOL } = this.#binding;
    const attributes = [
      { name: 'SrcT', type, value: from },
      { name: 'DstT', type, value: to },
      { name: 'Truncate', type: TF_ATTR_BOOL, value: false },
    ];
    return this.#binding.executeOp('Cast', attributes, [id], 1)[0]!;
  }

  #then(given: Output, f: (id: number) => Output): Output {
    try {
      return f(given.id);
    } finally {
      this.#binding.deleteTensor(given.id);
    }
  }

  #run(name: string, ids: readonly number[], dtype = this.#binding.TF_FLOAT, more: readonly Attribute[] = []): Output {
    const attributes = [{ name: 'T', type: this.#binding.TF_ATTR_TYPE, value: dtype }, ...more];
    return this.#binding.executeOp(name, attributes, ids, 1)[0]!;
  }
}

/** The inputs, which come as a list. */
const listOf = (inputs: unknown): tf.TensorInfo[] => Array.from(inputs as ArrayLike<tf.TensorInfo>);

function norm({ inputs, backend }: { readonly inputs: unknown; readonly backend: unknown }): tf.TensorInfo {
  const native = backend as NativeBackend;
  const ids = native.getInputTensorIds(listOf(inputs));
  return native.createOutputTensor(new Operations(native.binding).norm(ids));
}

function addScaled({ inputs, backend }: { readonly inputs: unknown; readonly backend: unknown }): tf.TensorInfo[] {
  const native = backend as NativeBackend;
  const ids = native.getInputTensorIds(listOf(inputs));
  const count = (ids.length - 1) / 2;
  const factor = ids.at(-1)!;
  const operations = new Operations(native.binding);
  return Array.from({ length: count }, (_, k) =>
    native.createOutputTensor(operations.addScaled(ids[k]!, factor, ids[count + k]!)),
  );
}

/**
 * Gives the native addon the kernels over lists of tensors that `@flatmin/tfjs` asks for: what costs there is each call of
 * TensorFlow.js, three times as much as the operation of TensorFlow in it. A second call changes nothing.
 */
export async function registerNativeFused(): Promise<void> {
  const { getKernel, registerKernel } = await import('@tensorflow/tfjs-core');
  const kernels = { FlatminNorm: norm, FlatminAddScaled: addScaled };
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) {
    if (getKernel(kernelName, 'tensorflow') !== undefined) continue;
    registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc });
  }
}
