import { applyDecorators, Type as Class } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsObject, IsOptional, ValidateNested } from 'class-validator';

/** Declares the nested parameter `search`; unknown keys in it are ignored (CONTRACT 2.3). */
export function NestedSearch(dto: Class): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ description: '筛选，全部可选 / filters, all optional', type: dto, required: false }),
    Transform(({ value }) => (isEmptySearch(value) ? undefined : (value as unknown)), { toClassOnly: true }),
    IsOptional(),
    IsObject({ message: '必须是 search[名称]=值' }),
    ValidateNested(),
    Type(() => dto),
  );
}

/** A form's empty `search=` and PHP's empty array `[]` are no search. */
function isEmptySearch(raw: unknown): boolean {
  return raw === null || raw === '' || (Array.isArray(raw) && raw.length === 0);
}
