// Operator calls to a running server, through its admin port.
import {
  create,
  type DescMethodUnary,
  fromJson,
  type JsonObject,
  type MessageInitShape,
  type MessageShape,
  toJson,
} from '@bufbuild/protobuf';
import { engineConfig } from '@parley/runtime';
import { CommandError, ExitCode } from '../exit-code.js';
import { adminUrl } from '../node/doors.js';
import { operatorTokenPath, readSecretFile } from '../node/secret-files.js';
import { loadConfig } from '../node/settings.js';

/** @throws CommandError when no server answers or it refuses. */
export async function callOperator<M extends DescMethodUnary>(
  method: M,
  request: MessageInitShape<M['input']>,
): Promise<MessageShape<M['output']>> {
  const config = loadConfig();
  const url = `${adminUrl(config)}/v1/operator/${method.parent.name}/${method.name}`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${operatorToken(config.of(engineConfig).dataDir)}` },
    body: JSON.stringify(toJson(method.input, create(method.input, request))),
  }).catch((cause: unknown) => {
    throw new CommandError(
      `no server answers at ${url}; start it with "parley serve"`,
      ExitCode.ENVIRONMENT,
      { cause },
    );
  });
  const answer = await response.json().then(
    (body) => body as JsonObject,
    (cause: unknown) => {
      throw new CommandError(
        `what answers at ${url} is no Parley; set PARLEY_ADMIN_PORT to the server’s`,
        ExitCode.ENVIRONMENT,
        { cause },
      );
    },
  );
  if (!response.ok) throw new CommandError(`${answer.code}: ${answer.info}`, ExitCode.FAILURE);
  return fromJson(method.output, answer) as MessageShape<M['output']>;
}

function operatorToken(dataDir: string): string {
  const path = operatorTokenPath(dataDir);
  try {
    return readSecretFile(path);
  } catch (cause) {
    throw new CommandError(
      `no operator token at ${path}; set PARLEY_DATA_DIR to the server’s`,
      ExitCode.ENVIRONMENT,
      { cause },
    );
  }
}
