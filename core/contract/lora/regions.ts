/** Regions that the network, its gateways and simulated devices know. */
export const loraRegions = ['EU868', 'US915', 'AS923'] as const;
