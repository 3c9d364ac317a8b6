import { join } from 'node:path';
import { cacheFolder } from './cache.ts';
import type { Dataset } from './dataset.ts';
import { debianPackage } from './debian.ts';
import { download } from './download.ts';
import { parseIdx } from './idx.ts';
import type { LabelledImages } from './images.ts';
import { installed } from './installed.ts';
import { obtain, type Wanted } from './obtain.ts';

const wanted: Wanted = {
  title: 'Fashion-MNIST',
  files: [
    {
      name: 'train-images-idx3-ubyte',
      bytes: 47_040_016,
      sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
    },
    {
      name: 'train-labels-idx1-ubyte',
      bytes: 60_008,
      sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    },
    {
      name: 't10k-images-idx3-ubyte',
      bytes: 7_840_016,
      sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
    },
    {
      name: 't10k-labels-idx1-ubyte',
      bytes: 10_008,
      sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    },
  ],
  sources: [
    installed(['/usr/share/datasets/fashion-mnist', '/usr/local/share/datasets/fashion-mnist']),
    download('http://fashion-mnist.s3-website.eu-central-1.amazonaws.com'),
    debianPackage({ name: 'dataset-fashion-mnist', size: '31 MB', folder: 'usr/share/datasets/fashion-mnist' }),
  ],
};

/** Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017; MIT): 28 × 28 grey images of clothes in ten classes. */
export const fashionMnist: Dataset = {
  name: 'fashion-mnist',
  label: 'fashion-mnist',
  description: '70,000 grey images of clothes, 28 × 28, ten classes; fetched and verified when first used',
  trainImages: 60_000,
  testImages: 10_000,
  async load(context) {
    const contents = await obtain(wanted, cacheFolder('fashion-mnist'), context);
    const [trainImages, trainLabels, testImages, testLabels] = wanted.files.map((file, index) => {
      return parseIdx(contents[index]!, file.name).content;
    });
    return { train: greyImages(trainImages!, trainLabels!), test: greyImages(testImages!, testLabels!) };
  },
  files: () =>
    wanted.files.map(({ name, sha256 }) => ({ name, sha256, path: join(cacheFolder('fashion-mnist'), name) })),
};

function greyImages(pixels: Uint8Array, labels: Uint8Array): LabelledImages {
  return { shape: [28, 28, 1], classes: 10, pixels, labels };
}
