const letters = '0123456789bcdefghjkmnpqrstuvwxyz';

/** How many columns and rows of cells cover the world at a precision. */
export function geohashGrid(precision: number): { columns: number; rows: number } {
  const bits = precision * 5;
  return { columns: 2 ** Math.ceil(bits / 2), rows: 2 ** Math.floor(bits / 2) };
}

/** The geohash of a cell: bits of column and row in turn, the column's highest first, five to a letter. */
export function geohashOf(column: number, row: number, precision: number): string {
  const bits = precision * 5;
  let [columnBit, rowBit] = [Math.ceil(bits / 2), Math.floor(bits / 2)];
  let hash = '';
  for (let letter = 0; letter < precision; letter++) {
    let index = 0;
    for (let bit = 0; bit < 5; bit++) {
      const ofColumn = (letter * 5 + bit) % 2 === 0;
      const value = ofColumn ? Math.floor(column / 2 ** --columnBit) : Math.floor(row / 2 ** --rowBit);
      index = index * 2 + (value % 2);
    }
    hash += letters[index];
  }
  return hash;
}
