import { describeDatagrams } from '../testing/datagrams-contract.ts';
import { MemoryDatagrams } from './memory-datagrams.ts';

describeDatagrams('datagrams in memory', () => new MemoryDatagrams());
