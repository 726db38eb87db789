/** What is taken of undici. `npm run build` puts it into this file, as its hundred files would have to be found at each start. */
export { Agent, buildConnector, Client, type Dispatcher, interceptors, request } from 'undici';
