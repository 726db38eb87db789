import { expect, it } from 'vitest';
import { lookForDemo } from './demo-service.ts';

it('the demo service is found where it is, and its file is named where it is not', () => {
  expect(lookForDemo()).toEqual({ usable: true, says: 'need nothing more' });
  expect(lookForDemo('/nowhere/demo/main.js')).toEqual({
    usable: false,
    says: 'the demo service that they run is not there: no /nowhere/demo/main.js',
  });
});
