/** What is taken of ioredis. `npm run build` puts it into this file, as its hundred files would have to be found at each start. */
export { Cluster, Command, Redis, ReplyError } from 'ioredis';
