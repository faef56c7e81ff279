// What a mistyped name was probably meant to be.

/** More edits than this are no typing mistake. */
const DISTANCE_MAX = 3;

/** ` (did you mean X?)`, or nothing when no known name is near. */
export function suggest(name: string, known: Iterable<string>): string {
  let nearest = '';
  let smallest = DISTANCE_MAX + 1;
  for (const candidate of known) {
    const distance = editDistance(name, candidate);
    if (distance < smallest) [nearest, smallest] = [candidate, distance];
  }
  return nearest === '' ? '' : ` (did you mean ${nearest}?)`;
}

/** Insertions, deletions and replacements that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
