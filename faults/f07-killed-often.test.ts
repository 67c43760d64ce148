import { killedUnderLoad } from '../test/kill-under-load.ts';

killedUnderLoad(20);
