export interface JsonEditorProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly height?: number;
  /** What is wrong with it, while it is JSON. */
  readonly error?: string | undefined;
}
