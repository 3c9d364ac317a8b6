import type { LayersModel } from '@tensorflow/tfjs-layers';
import { packAnswers } from './answers.ts';
import { useBackend } from './backends.ts';
import type { Outcome, RunCheckpoint } from './checkpoint/run-checkpoint.ts';
import { type Course, newCourse } from './course.ts';
import { first } from './data/images.ts';
import type { Selection } from './data/select.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { createLearner, type Learner } from './learners/learner.ts';
import { models } from './models/model.ts';
import { loadWeights, saveWeights } from './models/saved-weights.ts';
import type { Provenance } from './provenance.ts';
import { described, type RunSettings } from './settings.ts';
import { sharpness } from './sharpness.ts';
import { DivergedError, type TrainingListener, type TrainingOptions, train } from './train.ts';
import { weightsDigest } from './weights-digest.ts';

/** What a run needs besides its settings. */
export interface RunContext {
  readonly selection: Selection;
  readonly provenance: Provenance;
  readonly listener: RunListener;
  /** Where the run is kept; it goes on from what is there. */
  readonly checkpoint?: RunCheckpoint | undefined;
  /** Stops after the step in progress; the summary says so. */
  readonly signal: AbortSignal;
}

/** Who hears of a run while it goes on. */
export interface RunListener extends TrainingListener {
  /** Training is over, the last measurements begin. */
  readonly onMeasuring: () => void;
}

/** What comes after the training. */
interface Measurements {
  test: Evaluation | null;
  sharpness: number | null;
  ending: 'finished' | 'stopped' | 'diverged';
}

/** A run at work. */
interface Trained {
  readonly model: LayersModel;
  readonly learner: Learner;
  readonly course: Course;
  /** Writes the checkpoint, where there is one. */
  readonly keep: () => Promise<void>;
}

const SHARPNESS_IMAGES = 2_000;

/**
 * Trains one network from its seed, or from where its checkpoint stands, measures it, and frees all that it took. A
 * run that its checkpoint has as finished is not trained again.
 */
export async function runOne(settings: RunSettings, context: RunContext): Promise<Outcome> {
  const { selection, checkpoint } = context;
  if (checkpoint?.outcome !== undefined) return checkpoint.outcome;
  await useBackend(settings.backend);
  const { shape, classes } = selection.train.of;
  const model = models.get(settings.model)!.build({ shape, classes, seed: settings.seed });
  const learner = createLearner(model, settings);
  try {
    const course = await begin(model, learner, settings, context);
    const keep = async (): Promise<void> =>
      checkpoint?.write({ course, weights: await saveWeights(model), learner: await learner.state() });
    const measurements = await trainAndMeasure({ model, learner, course, keep }, settings, context);
    const summary = {
      ...described(settings),
      ...course.provenance,
      startedAt: course.startedAt,
      ...measured(course, measurements),
      parameters: model.countParams(),
      gradientEvaluations: learner.gradientEvaluations,
      weightsDigest: weightsDigest(model.getWeights()),
    };
    if (summary.stopped && !summary.diverged) await keep();
    else await checkpoint?.finish({ course, summary }, await saveWeights(model));
    return { course, summary };
  } finally {
    learner.dispose();
    model.dispose();
  }
}

/** Brings network and optimizer to where the run stands, which it tells. */
async function begin(
  model: LayersModel,
  learner: Learner,
  { seed }: RunSettings,
  { checkpoint, provenance }: RunContext,
): Promise<Course> {
  const standing = checkpoint?.standing;
  if (standing === undefined) return newCourse(seed, provenance);
  loadWeights(model, standing.weights);
  await learner.restore(standing.learner);
  return standing.course;
}

async function trainAndMeasure(
  { model, learner, course, keep }: Trained,
  { batchSize, epochsAsked, seed, augment }: RunSettings,
  { selection, listener, checkpoint, signal }: RunContext,
): Promise<Measurements> {
  const measurements: Measurements = { test: null, sharpness: null, ending: 'finished' };
  const recording: TrainingListener = {
    onStep(event) {
      course.losses.push(event.loss);
      listener.onStep(event);
    },
    onEpoch(event) {
      course.epochs.push(event);
      listener.onEpoch(event);
    },
  };
  const options: TrainingOptions = {
    learner,
    epochs: epochsAsked,
    batchSize,
    seed,
    augment: augment === undefined ? [] : augment.split(','),
    from: course.position,
    async reached(position) {
      course.position = position;
      if (position.images === 0 || checkpoint?.isDue()) await keep(); // at the end of an epoch always
    },
    signal,
  };
  try {
    await train(model, selection, options, recording);
    listener.onMeasuring();
    measurements.test = await evaluate(model, selection.held, signal);
    course.answers = packAnswers(measurements.test.right);
    measurements.sharpness = await sharpness(model, first(SHARPNESS_IMAGES, selection.train), signal);
  } catch (error) {
    if (error instanceof DivergedError) measurements.ending = 'diverged';
    else if (signal.aborted) measurements.ending = 'stopped';
    else throw error;
  }
  return measurements;
}

function measured({ epochs }: Course, { test, sharpness, ending }: Measurements) {
  const last = epochs.at(-1);
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  return {
    epochs: epochs.length,
    stopped: ending !== 'finished',
    ...(ending === 'diverged' && { diverged: true as const }),
    testAccuracy: test?.accuracy ?? null,
    testLoss: finite(test?.loss),
    trainLoss: last?.trainLoss ?? null,
    trainAccuracy: last?.trainAccuracy ?? null,
    sharpness: finite(sharpness),
    secondsPerEpoch: last === undefined ? null : seconds / epochs.length,
  };
}

/** JSON knows no infinity and no NaN. */
function finite(value: number | null | undefined): number | null {
  return Number.isFinite(value) ? value! : null;
}
