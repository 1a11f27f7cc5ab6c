import SegmentFiles

extension SegmentWriter: SectionSink {}
