// Settings for people: as YAML that can be read again, and as the table of docs/config.md.
import { stringify } from 'yaml';
import { type AnySection, type Config, fieldsOf, SECRET_MASK } from './read-config.js';

/** Every setting with the value in force; secrets masked. */
export function printConfig(sections: readonly AnySection[], config: Config): string {
  const shown = sections.map((section) => {
    const values = config.of(section) as Record<string, unknown>;
    const entries = fieldsOf(section).map(([key, field]) => [
      key,
      field.isSecret && values[key] !== '' ? SECRET_MASK : values[key],
    ]);
    return [section.name, Object.fromEntries(entries)];
  });
  return stringify(Object.fromEntries(shown));
}

/** The text of docs/config.md. */
export function renderConfigDocs(sections: readonly AnySection[]): string {
  const lines = [
    '# Settings',
    '',
    'Generated from the declarations (`make generate`). Every setting has an environment variable and a key in the YAML file that',
    '`--config` or `PARLEY_CONFIG` names; the environment wins. A secret can also be read from the file that `<variable>_FILE` names.',
    'Unknown names are errors. `parley check-config` finds every problem at once; `parley print-config` shows what is in force.',
  ];
  for (const section of sections) {
    lines.push(
      '',
      `## ${section.name}`,
      '',
      '| Key | Variable | Default | Meaning |',
      '| --- | --- | --- | --- |',
    );
    for (const [key, field] of fieldsOf(section)) {
      const value = field.isSecret ? '' : `\`${JSON.stringify(field.default)}\``;
      const unit = field.unit ? ` (${field.unit})` : '';
      lines.push(`| \`${key}\` | \`${field.env}\` | ${value} | ${field.doc}${unit} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}
