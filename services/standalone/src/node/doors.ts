// The ports of a process as its settings name them, and the addresses that people type.
import { gatewayConfig } from '@parley/access-gateway';
import type { Config } from '@parley/config';
import { restApiConfig } from '@parley/rest-api';
import { processConfig } from './process-config.js';

export interface Door {
  readonly name: 'REST' | 'gateway' | 'admin';
  readonly host: string;
  readonly port: number;
  readonly hostEnv: string;
  readonly portEnv: string;
  readonly isTls: boolean;
}

export function doorsOf(config: Config): readonly Door[] {
  const rest = config.of(restApiConfig);
  const gateway = config.of(gatewayConfig);
  const { adminBind, adminPort } = config.of(processConfig);
  return [
    {
      name: 'REST',
      host: rest.bind,
      port: rest.port,
      hostEnv: restApiConfig.fields.bind.env,
      portEnv: restApiConfig.fields.port.env,
      isTls: rest.tlsCertFile !== '',
    },
    {
      name: 'gateway',
      host: gateway.bind,
      port: gateway.port,
      hostEnv: gatewayConfig.fields.bind.env,
      portEnv: gatewayConfig.fields.port.env,
      isTls: gateway.tlsCertFile !== '',
    },
    {
      name: 'admin',
      host: adminBind,
      port: adminPort,
      hostEnv: processConfig.fields.adminBind.env,
      portEnv: processConfig.fields.adminPort.env,
      isTls: false,
    },
  ];
}

/** Two doors on one port, a line each; a port that the system chooses is never taken twice. */
export function findPortConflicts(config: Config): readonly string[] {
  const doors = doorsOf(config).filter(({ port }) => port !== 0);
  return doors.flatMap((door, index) =>
    doors
      .slice(0, index)
      .filter(({ port }) => port === door.port)
      .map(
        (other) =>
          `${other.portEnv} and ${door.portEnv} are both ${door.port}; give each door a port of its own`,
      ),
  );
}

const doorOf = (config: Config, name: Door['name']): Door =>
  doorsOf(config).find((door) => door.name === name) as Door;

/** As this machine reaches it: an address that stands for every interface is no address to connect to. */
function authority({ host, port }: Door): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

export function restUrl(config: Config): string {
  const door = doorOf(config, 'REST');
  return `${door.isTls ? 'https' : 'http'}://${authority(door)}`;
}

export function gatewayUrl(config: Config): string {
  const door = doorOf(config, 'gateway');
  return `${door.isTls ? 'wss' : 'ws'}://${authority(door)}/v1/ws`;
}

export const adminUrl = (config: Config): string => `http://${authority(doorOf(config, 'admin'))}`;
