/**
 * How slow this machine is at this moment, which is all that time limits may depend on beside the product's own timers.
 * As CommonJS without types because jest's configuration reads it too; `machine.d.cts` has the types.
 */
const { spawnSync } = require('node:child_process');
const { performance } = require('node:perf_hooks');

/** Milliseconds of a unit of work on the reference machine: two cores of a server of 2025 with nothing else to do. */
const REFERENCE_MS = 150;

/** About two thirds of a unit; the start of Node is the rest. */
const ROUNDS = 17_000_000;

/**
 * Runs a unit of work, a start of Node that computes a little: what tests mostly wait for.
 * @returns how many times longer it takes than on the reference machine, at least 1
 */
function slowness() {
  const begun = performance.now();
  spawnSync(process.execPath, [module.filename]);
  return Math.max(1, (performance.now() - begun) / REFERENCE_MS);
}

/** Measured once when a run starts, and inherited by its processes. */
process.env.MACHINE_SLOWNESS ??= require.main === module ? '1' : slowness().toFixed(2);

const slownessAtStart = Number(process.env.MACHINE_SLOWNESS);

/** A limit that catches what never ends: `milliseconds` on the reference machine, longer on a slower one. */
const patience = (milliseconds) => Math.round(milliseconds * slownessAtStart);

module.exports = { slowness, slownessAtStart, patience };

if (require.main === module) {
  let value = 0;
  for (let round = 0; round < ROUNDS; round++) value = (value * 31 + round) | 0;
}
