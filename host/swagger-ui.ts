import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Folder of the Swagger UI files that come with the program's packages. */
export function swaggerUiFolder(): string {
  const packageFile = createRequire(import.meta.url).resolve('@fastify/swagger-ui/package.json');
  return join(dirname(packageFile), 'static');
}
