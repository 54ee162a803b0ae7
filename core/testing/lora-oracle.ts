import module from 'lora-packet';

/** lora-packet, which exports all its functions at once, and whose types put them one step deeper than they are. */
export const oracle = module as unknown as typeof module.default;
