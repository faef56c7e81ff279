// Numbers of the command line.
import { InvalidArgumentError } from 'commander';

/** @throws InvalidArgumentError, which commander turns into one line. */
export function toPositiveInteger(text: string): number {
  const value = toWholeNumber(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('expected a whole number above 0');
}

/** @throws InvalidArgumentError, which commander turns into one line. */
export function toWholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('expected a whole number');
}
