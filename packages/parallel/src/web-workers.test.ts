import { afterEach, describe, expect, it, vi } from 'vitest';
import { chosenMemory } from './memory.ts';
import { type Events, startThread, type Thread, type WebWorker } from './thread.ts';

/** A Web Worker that does nothing, and what happens to it. */
class SilentWorker implements WebWorker {
  static readonly made: SilentWorker[] = [];
  readonly listeners = new Map<string, (event: unknown) => void>();
  readonly posted: unknown[][] = [];
  terminated = false;
  readonly made: unknown[];

  constructor(...made: unknown[]) {
    this.made = made;
    SilentWorker.made.push(this);
  }
  addEventListener(event: string, listener: (event: unknown) => void): void {
    this.listeners.set(event, listener);
  }
  postMessage(...message: unknown[]): void {
    this.posted.push(message);
  }
  terminate(): void {
    this.terminated = true;
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
  SilentWorker.made.length = 0;
});

describe('in a browser', () => {
  const started = (): { thread: Thread; worker: SilentWorker; told: unknown[] } => {
    const told: unknown[] = [];
    const events: Events = { report: (report) => told.push(report), died: (how) => told.push(how) };
    vi.stubGlobal('Worker', SilentWorker);
    const thread = startThread(new URL('https://example.com/worker.js'), 0, events);
    return { thread, worker: SilentWorker.made[0]!, told };
  };

  it('a URL becomes a worker that is a module', () => {
    expect(started().worker.made).toEqual([new URL('https://example.com/worker.js'), { type: 'module' }]);
  });

  it('reports are heard, and other messages are not', () => {
    const { worker, told } = started();
    for (const data of [{ kind: 'serving' }, { kind: 'mine' }, 'text', null])
      worker.listeners.get('message')!({ data });
    expect(told).toEqual([{ kind: 'serving' }]);
  });

  it('an error is told once, and not again as one of the page', () => {
    const { worker, told } = started();
    const preventDefault = vi.fn();
    worker.listeners.get('error')!({ message: 'out of memory', preventDefault });
    worker.listeners.get('messageerror')!({});
    expect(told).toEqual(['had an error (out of memory)', 'sent what cannot be read']);
    expect(preventDefault).toHaveBeenCalledOnce();
  });

  it('a worker that was ended says nothing more', async () => {
    const { thread, worker, told } = started();
    thread.hold(true);
    thread.send({ kind: 'open', index: 0, count: 1, data: 7 }, []);
    await thread.end();
    worker.listeners.get('message')!({ data: { kind: 'serving' } });
    worker.listeners.get('error')!({});
    expect([worker.terminated, told]).toEqual([true, []]);
    expect(worker.posted).toEqual([[{ kind: 'open', index: 0, count: 1, data: 7 }, []]]);
  });

  it.each([
    [true, 'shared'],
    [undefined, 'shared'],
    [false, 'transferred'],
  ])('a page whose isolation is %s has %s memory', (crossOriginIsolated, memory) => {
    vi.stubGlobal('crossOriginIsolated', crossOriginIsolated);
    expect(chosenMemory()).toBe(memory);
    expect(chosenMemory('transferred')).toBe('transferred');
  });

  it('shared memory is refused where a page may not have it, with the headers that it wants', () => {
    vi.stubGlobal('crossOriginIsolated', false);
    expect(() => chosenMemory('shared')).toThrow('Cross-Origin-Embedder-Policy: require-corp');
  });
});
