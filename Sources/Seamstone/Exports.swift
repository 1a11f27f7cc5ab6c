// What users see of the lower targets: `StoreError`, `Metric`, `ObjectID` and `PropertyValue`. All
// else in them is `package`. `FilePath` comes along, since every store is opened with one.
@_exported import ObjectStorage
@_exported import StorageIO
@_exported import SystemPackage
@_exported import VectorMath
