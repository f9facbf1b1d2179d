"""Small documents of each kind, with every construct that the loader and the slicer read."""

from __future__ import annotations

from typing import Any

OPENAPI: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/tasks/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}, {"name": "trace", "in": "header", "schema": {"type": "string"}}],
            "get": {
                "operationId": "getTask",
                "deprecated": True,
                "parameters": [
                    {"name": "fields", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}, "explode": False},
                    {"name": "trace", "in": "header", "required": True, "schema": {"type": "integer"}},
                    {"name": "filter", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
                ],
                "responses": {
                    "200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Task"}}}},
                    "404": {"$ref": "#/components/responses/Missing"},
                    "204": {"description": ""},
                },
                "security": [{"key": []}, {"oauth": ["read"]}, {}],
            },
            "put": {
                "requestBody": {"$ref": "#/components/requestBodies/Task"},
                "responses": {"default": {"description": ""}},
                "servers": [{"url": "https://other.example"}],
            },
        }
    },
    "servers": [{"url": "https://api.example"}],
    "security": [{"key": []}],
    "components": {
        "parameters": {"Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}},
        "requestBodies": {"Task": {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Task"}}}}},
        "responses": {"Missing": {"description": "", "content": {"text/plain": {}}, "headers": {"Retry": {"schema": {"type": "integer"}}}}},
        "schemas": {"Task": {"type": "object", "properties": {"parent": {"$ref": "#/components/schemas/Task"}}}},
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "K"}},
    },
}

SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "t", "version": "7"},
    "host": "api.example",
    "basePath": "/v1",
    "schemes": ["https"],
    "consumes": ["application/json"],
    "produces": ["application/json"],
    "paths": {
        "/tasks/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "type": "string", "minLength": 2}],
            "get": {
                "operationId": "get",
                "parameters": [
                    {"name": "csv", "in": "query", "type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
                    {"name": "multi", "in": "query", "type": "array", "items": {"type": "string"}, "collectionFormat": "multi"},
                    {"name": "tabs", "in": "query", "type": "array", "items": {"type": "string"}, "collectionFormat": "tsv"},
                    {"$ref": "#/parameters/Page"},
                ],
                "responses": {
                    "200": {
                        "description": "d",
                        "schema": {"$ref": "#/definitions/A Task"},
                        "headers": {"X-Left": {"type": "integer", "description": "x"}},
                        "examples": {"application/json": {}},
                    },
                    "404": {"$ref": "#/responses/Missing"},
                },
            },
            "put": {
                "operationId": "put",
                "parameters": [{"$ref": "#/parameters/Body"}],
                "responses": {"204": {"description": ""}},
                "security": [{"oauth": ["write"]}],
            },
        },
        "/upload": {
            "post": {
                "operationId": "upload",
                "consumes": ["multipart/form-data", "application/x-www-form-urlencoded"],
                "parameters": [
                    {"name": "file", "in": "formData", "type": "file", "required": True},
                    {"name": "note", "in": "formData", "type": "string", "maxLength": 9},
                ],
                "responses": {"200": {"description": "", "schema": {"type": "file"}}},
            }
        },
        "/form": {
            "post": {
                "operationId": "form",
                "consumes": ["application/x-www-form-urlencoded", "application/json"],
                "parameters": [{"name": "text", "in": "formData", "type": "string"}],
                "responses": {"default": {"description": ""}},
            }
        },
    },
    "parameters": {
        "Page": {"name": "page", "in": "query", "type": "integer", "default": 1},
        "Body": {"name": "body", "in": "body", "required": True, "schema": {"$ref": "#/definitions/A Task"}},
    },
    "responses": {"Missing": {"description": "m", "schema": {"type": "object"}}},
    "definitions": {
        "A Task": {
            "type": "object",
            "discriminator": "kind",
            "required": ["kind"],
            "properties": {
                "kind": {"type": "string"},
                "due": {"type": ["string", "null"], "x-nullable": True},
                "tuple": {"type": "array", "items": [{"type": "string"}, {"type": "integer"}]},
                "next": {"$ref": "#/definitions/A Task"},
            },
        }
    },
    "securityDefinitions": {
        "login": {"type": "basic"},
        "key": {"type": "apiKey", "in": "header", "name": "K"},
        "oauth": {
            "type": "oauth2",
            "flow": "accessCode",
            "authorizationUrl": "https://a.example",
            "tokenUrl": "https://t.example",
            "scopes": {"write": "w", "read": "r"},
        },
    },
}

DISCOVERY: dict[str, Any] = {
    "kind": "discovery#restDescription",
    "discoveryVersion": "v1",
    "version": "v3",
    "title": "Files",
    "rootUrl": "https://www.example.com/",
    "servicePath": "files/v3/",
    "baseUrl": "https://www.example.com/files/v3/",
    "parameters": {
        "fields": {"type": "string", "location": "query"},
        "alt": {"type": "string", "location": "query", "enum": ["json", "media"], "default": "json"},
        "key": {"type": "string", "location": "query"},
    },
    "auth": {"oauth2": {"scopes": {"https://auth/files": {"description": "d"}, "https://auth/read": {}}}},
    "schemas": {
        "File": {
            "id": "File",
            "type": "object",
            "properties": {
                "id": {"type": "string", "readOnly": True},
                "size": {"type": "string", "format": "int64"},
                "name": {"type": "string", "annotations": {"required": ["files.create"]}},
                "owner": {"$ref": "Owner", "description": "d"},
                "extra": {"type": "any"},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "scope": {"type": "object", "properties": {"kind": {"type": "string", "annotations": {"required": ["files.create"]}}}},
                "old": {"type": "string", "deprecated": True},
            },
        },
        "Owner": {"id": "Owner", "type": "object", "properties": {"email": {"type": "string"}}},
    },
    "resources": {
        "files": {
            "methods": {
                "get": {
                    "id": "files.get",
                    "httpMethod": "GET",
                    "path": "files/{fileId}",
                    "flatPath": "files/{fileId}",
                    "parameters": {"fileId": {"type": "string", "location": "path", "required": True}},
                    "response": {"$ref": "File"},
                    "supportsMediaDownload": True,
                    "scopes": ["https://auth/files", "https://auth/read"],
                },
                "create": {
                    "id": "files.create",
                    "httpMethod": "POST",
                    "path": "files",
                    "parameters": {
                        "keep": {"type": "boolean", "location": "query", "default": "false"},
                        "count": {"type": "integer", "location": "query", "minimum": "1", "maximum": "100", "default": "10"},
                        "tags": {"type": "string", "location": "query", "repeated": True, "enum": ["a", "b"]},
                    },
                    "request": {"$ref": "File"},
                    "response": {"$ref": "File"},
                    "mediaUpload": {
                        "accept": ["*/*"],
                        "protocols": {"simple": {"path": "/upload/files/v3/files"}, "resumable": {"path": "/resumable/upload/files"}},
                    },
                },
                "delete": {"id": "files.delete", "httpMethod": "DELETE", "path": "files/{fileId}", "deprecated": True},
            },
            "resources": {
                "notes": {
                    "methods": {
                        "get": {
                            "id": "files.notes.get",
                            "httpMethod": "GET",
                            "path": "v3/{+name}",
                            "flatPath": "v3/files/{filesId}/notes/{notesId}",
                            "parameters": {"name": {"type": "string", "location": "path", "required": True, "pattern": "^files/.*$"}},
                            "response": {"$ref": "File"},
                        }
                    }
                }
            },
        }
    },
}

NODE = "#/components/schemas/"

COMPLETE: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "A fine API", "version": "1.2", "description": "prose", "contact": {"email": "a@b"}, "x-logo": 1},
    "servers": [{"url": "https://{site}.example", "description": "prose", "variables": {"site": {"default": "a", "description": "p"}}}],
    "tags": [{"name": "prose"}],
    "security": [{"key": []}],
    "paths": {
        "/tasks/{id}": {
            "summary": "prose",
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "get": {
                "operationId": "getTask",
                "summary": "prose",
                "tags": ["prose"],
                "x-internal": True,
                "externalDocs": {"url": "x"},
                "parameters": [
                    {"name": "q", "in": "query", "description": "p", "example": "e", "schema": {"type": "string", "enum": ["a", "b"]}}
                ],
                "responses": {
                    "200": {
                        "description": "prose",
                        "headers": {"X-Left": {"description": "p", "schema": {"type": "integer", "example": 3}}},
                        "content": {"application/json": {"examples": {"a": {"value": 1}}, "schema": {"$ref": NODE + "Task"}}},
                        "links": {"next": {"operationId": "x"}},
                    },
                    "default": {"$ref": "#/components/responses/Error"},
                },
                "callbacks": {"done": {"{$url}": {"post": {"responses": {}}}}},
            },
            "put": {
                "operationId": "putTask",
                "requestBody": {
                    "description": "p",
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": NODE + "TaskInput"}}},
                },
                "responses": {"204": {"description": "prose"}},
                "security": [{"oauth": ["write"]}],
            },
        },
        "/other": {"get": {"operationId": "other", "responses": {"200": {"$ref": "#/components/responses/Unused"}}}},
    },
    "components": {
        "parameters": {"Id": {"name": "id", "in": "path", "required": True, "description": "p", "schema": {"type": "string"}}},
        "responses": {
            "Error": {"description": "p", "content": {"application/json": {"schema": {"$ref": NODE + "Error"}}}},
            "Unused": {"description": "p"},
        },
        "schemas": {
            "Unused": {"type": "string"},
            "Task": {
                "type": "object",
                "title": "prose",
                "description": "prose",
                "required": ["id", "title"],
                "properties": {
                    "id": {"type": "string", "readOnly": True, "xml": {"name": "x"}},
                    "title": {"type": "string", "maxLength": 9, "title": "prose"},
                    "description": {"type": "string", "example": "e"},
                    "example": {"type": "object", "properties": {"summary": {"type": "string"}}},
                    "x-odd": {"type": "boolean", "x-nullable": True},
                    "parent": {"allOf": [{"$ref": NODE + "Task"}], "description": "p", "nullable": True},
                    "owner": {"$ref": NODE + "User"},
                },
            },
            "User": {"type": "object", "properties": {"name": {"type": "string"}, "boss": {"$ref": NODE + "User"}}},
            "TaskInput": {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}, "note": {"type": "string"}}},
            "Error": {"type": "object", "properties": {"message": {"type": "string", "default": "prose is a fact here"}}},
        },
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "K", "description": "p"},
            "oauth": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": "https://t", "scopes": {"read": "prose", "write": "prose"}}},
            },
        },
    },
}
