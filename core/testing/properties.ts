import fc from 'fast-check';

/**
 * fast-check as every property test here uses it: by hand each run draws other samples, so that use finds what
 * nobody thought of; where CI is set, or with PROPERTY_SEED, the samples are the same each time, so that whether a
 * change may land is not drawn by lot. A failure prints its own seed in both cases.
 */
const seed = process.env.PROPERTY_SEED ?? (process.env.CI ? '20261123' : undefined);
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });

export default fc;
