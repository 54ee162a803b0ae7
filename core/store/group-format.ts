/**
 * Binary form of a group of transactions. A payload is self-contained: it defines each SQL text before its
 * first use, so a group can be read, skipped or lost without another.
 *
 *   define  = 0x01 length:varint utf8            the next statement number, counted from 0, means this SQL
 *   execute = 0x02 statement:varint count:varint value*
 *   end     = 0x03                               end of one transaction
 *   value   = 0x00                               null
 *           | 0x01 zigzag:varint                 whole number within ±2^51
 *           | 0x02 float64 little-endian         any other number
 *           | 0x03 length:u8 utf8 | 0x04 length:u32 little-endian utf8
 *           | 0x05 length:u32 little-endian bytes
 */
export const op = { define: 1, execute: 2, end: 3 } as const;
export const tag = { null: 0, whole: 1, float: 2, shortText: 3, text: 4, bytes: 5 } as const;
