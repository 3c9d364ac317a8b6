// The program that a worker trains in. A step blocks its process, and the worker has to hold on to its job meanwhile.
import type { Order, Report } from './messages.ts';
import { OrderedTraining } from './train-by-order.ts';

const training = new OrderedTraining();
let stop = new AbortController();

/** Settles once the message has left, so that checkpoints do not pile up. */
async function send(report: Report): Promise<void> {
  await new Promise<void>((resolve) => process.send!(report, () => resolve()));
}

process.on('message', async (order: Order) => {
  if (order.kind === 'stop') {
    stop.abort();
    return;
  }
  stop = new AbortController();
  await send({ kind: 'end', ending: await training.train(order, send, stop.signal) });
});

// A terminal sends Ctrl-C to this process too; the worker decides what it means, and takes this process with it.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => {});
process.on('disconnect', () => process.exit());
