// A profile is written only if the process exits by itself.
process.on('SIGINT', () => process.exit(0));
