/** TensorFlow's own interface in the native addon. Ids are of tensors in TensorFlow. */
export interface Binding {
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_FLOAT: number;
  executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Output[];
  deleteTensor(id: number): void;
}

/** An attribute of an operation. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** A tensor that an operation has made. */
export interface Output {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** A tensor in TensorFlow. */
export interface Input {
  readonly id: number;
  readonly shape: readonly number[];
}

/** float64 in TensorFlow, which TensorFlow.js does not know. */
const TF_DOUBLE = 2;

/** Up to so many elements a tensor is joined with others of its shape: what costs is the call, not the copy. */
const SMALL = 2 ** 14;

/** Operations of TensorFlow on ids: no tensor of TensorFlow.js is made for what is only passed on. */
export class NativeOperations {
  readonly #binding: Binding;

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  /** a + f·b */
  addScaled(a: number, factor: number, b: number): Output {
    return this.#then(this.#run('Mul', [b, factor]), (product) => this.#run('AddV2', [a, product]));
  }

  /** √Σx² in float64, whose range holds the square of every float32. */
  norm(inputs: readonly Input[]): Output {
    const halves: number[] = [];
    try {
      for (const ids of alike(inputs)) halves.push(this.#halfOfSquares(ids));
      return this.#lengthOf(halves);
    } finally {
      for (const half of halves) this.#binding.deleteTensor(half);
    }
  }

  // Σx²/2 of tensors of one shape.
  #halfOfSquares(ids: readonly number[]): number {
    if (ids.length > 1) return this.#then(this.#joined(ids), (all) => this.#halfOfSquares([all]));
    return this.#then(
      this.#cast(ids[0]!, this.#binding.TF_FLOAT, TF_DOUBLE),
      (wide) => this.#run('L2Loss', [wide], TF_DOUBLE).id,
    );
  }

  // √Σ(h + h), for h is half of a sum of squares.
  #lengthOf(halves: readonly number[]): Output {
    const all = [...halves, ...halves];
    const sum = this.#run('AddN', all, TF_DOUBLE, [this.#count(all)]);
    const length = this.#then(sum, (id) => this.#run('Sqrt', [id], TF_DOUBLE));
    return this.#then(length, (id) => this.#cast(id, TF_DOUBLE, this.#binding.TF_FLOAT));
  }

  #joined(ids: readonly number[]): Output {
    const axis = { name: 'axis', type: this.#binding.TF_ATTR_INT, value: 0 };
    return this.#run('Pack', ids, this.#binding.TF_FLOAT, [this.#count(ids), axis]);
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

  // Frees what was given once it has been used.
  #then<R>(given: Output, use: (id: number) => R): R {
    try {
      return use(given.id);
    } finally {
      this.#binding.deleteTensor(given.id);
    }
  }

  #count(ids: readonly number[]): Attribute {
    return { name: 'N', type: this.#binding.TF_ATTR_INT, value: ids.length };
  }

  #run(name: string, ids: readonly number[], dtype = this.#binding.TF_FLOAT, more: readonly Attribute[] = []): Output {
    const attributes = [{ name: 'T', type: this.#binding.TF_ATTR_TYPE, value: dtype }, ...more];
    return this.#binding.executeOp(name, attributes, ids, 1)[0]!;
  }
}

/** Small tensors of one shape together, each larger one by itself. */
function alike(inputs: readonly Input[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const { id, shape } of inputs) {
    const size = shape.reduce((product, length) => product * length, 1);
    const key = size > SMALL ? `alone ${id}` : shape.join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [id]);
    else group.push(id);
  }
  return [...groups.values()];
}
