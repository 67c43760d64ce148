// A profile is written when the process ends by itself.
process.on('SIGINT', () => process.exit(0));
