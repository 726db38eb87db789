import { expect, it } from 'vitest';
import { engineAddress, isLocal } from './address.ts';

it.each([
  ['unix:///run/docker.sock', true],
  ['tcp://127.0.0.1:2375', true],
  ['tcp://localhost:2375', true],
  ['http://[::1]:2375', true],
  ['127.0.0.1:2375', true],
  ['tcp://10.0.0.7:2376', false],
  ['tcp://127.0.0.1.example.com:2376', false],
  ['tcp://localhost.example.com:2376', false],
  ['ssh://127.0.0.1', false],
  ['docker.example.com:2376', false],
])('%s is the machine’s own engine: %s', (host, local) => {
  expect(isLocal(engineAddress({ DOCKER_HOST: host }))).toBe(local);
});
