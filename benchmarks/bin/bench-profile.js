#!/usr/bin/env node
import { ensureBuilt } from './ensure-built.js';

ensureBuilt();
const { main } = await import('../dist/bench-profile/cli.js');
process.exitCode = await main(process.argv.slice(2));
