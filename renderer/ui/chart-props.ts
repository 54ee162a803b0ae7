export interface Series {
  readonly label: string;
  /** One for each time; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Name of a CSS variable; the colours of lines in their order when not given. */
  readonly colour?: string;
}

export interface ChartProps {
  /** Seconds since the epoch, ascending. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly height: number;
  /** Says in words what is drawn. */
  readonly label: string;
  /** No axes and no legend. */
  readonly bare?: boolean;
  readonly unit?: string;
  /** A value holds until the next one; else it goes there in a straight line. */
  readonly stepped?: boolean;
  /** Of the only line, as the name of a CSS variable. */
  readonly colour?: string;
}
