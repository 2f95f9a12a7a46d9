import { CanActivate, Controller, Param, UseGuards } from '@nestjs/common';
import { Answers, Envelope } from '../../src/http/routes/envelope';
import { GetAndPost } from '../../src/http/routes/get-and-post';

class SomeGuard implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

@Controller('somewhere')
@Envelope('business')
class SomeController {
  @UseGuards(SomeGuard)
  @GetAndPost('guardedAbove')
  @Answers({ summary: 'a guard above the route' })
  guardedAbove(@Param('id') id: string): string {
    return id;
  }

  @GetAndPost('guardedBelow')
  @UseGuards(SomeGuard)
  @Answers({ summary: 'a guard below the route' })
  guardedBelow(@Param('id') id: string): string {
    return id;
  }
}

/** Nest's metadata of a route: its guards and its path. */
function routeOf(name: string) {
  const method = (SomeController.prototype as unknown as Record<string, object>)[name]!;
  return { guards: Reflect.getMetadata('__guards__', method), path: Reflect.getMetadata('path', method) };
}

describe('a method for GET and POST', () => {
  test.each([
    ['guardedAbove', 'guardedAbovePost'],
    ['guardedBelow', 'guardedBelowPost'],
  ])('%s: its guard holds for both routes', (get, post) => {
    expect(routeOf(get)).toEqual({ guards: [SomeGuard], path: get });
    expect(routeOf(post)).toEqual(routeOf(get));
  });
});
