const { projects } = require('./jest.projects.cjs');

/** @type {import('jest').Config} */
module.exports = {
  testTimeout: 30_000,
  maxWorkers: 2, // jest's own choice is one fewer than cores: a third longer on two
  collectCoverageFrom: ['src/**/*.ts'],
  coverageReporters: ['text-summary', 'lcov'],
  projects: projects('test'),
};
