// Types of the public API that live in the targets underneath: who imports Seamstone sees them.
@_exported public import enum ObjectStorage.ObjectID
@_exported public import enum ObjectStorage.PropertyValue
@_exported public import struct StorageIO.StoreError
// Every store is opened with a path.
@_exported public import struct SystemPackage.FilePath
@_exported public import enum VectorMath.ElementType
@_exported public import enum VectorMath.Metric
@_exported public import enum VectorMath.VectorValue
