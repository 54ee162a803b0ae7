// Runs as the main process of an Electron: the cryptography of LoRaWAN over given cases, and what CMAC there is without it.
import { getCiphers } from 'node:crypto';
import { app } from 'electron';
import { type LoraCase, type LoraProbeResult, loraProbeMark, outcomesOf } from './lora-probe-result.ts';

try {
  const cases = JSON.parse(process.env.FLEETBENCH_LORA_CASES ?? '[]') as LoraCase[];
  const result: LoraProbeResult = {
    electron: process.versions.electron ?? '',
    ciphers: getCiphers(),
    outcomes: cases.map(outcomesOf),
  };
  process.stdout.write(`${loraProbeMark}${JSON.stringify(result)}\n`);
  app.exit(0);
} catch (error) {
  console.error(error);
  app.exit(1);
}
